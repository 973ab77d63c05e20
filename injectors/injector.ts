// The Injector contract: a name, typed options, a sentence, and at least one of five stages.
//   script   model events in, model events out (before encoding)
//   wire     frames in, frames and an ending out (after encoding)
//   head     headers and time of the answer's head in, others out
//   admit    which requests it acts on, where its place among others decides that
//   disrupt  start something outside the stream, get a disposable that heals it
// An injector object holds no state: what a stream needs lives in the local variables of its
// generator, so one injector serves any number of streams.

import type { Clock, Rng } from './determinism.ts';
import { type OptionsOf, type OptionType, parseOptions, type RawValue } from './options.ts';
import type {
  AnswerRole,
  EventStream,
  FrameStream,
  Framing,
  ResponseHead,
  TransportName,
} from './stream.ts';

export type FaultFamily = 'stream' | 'response' | 'grpc' | 'tcp' | 'client' | 'ambient' | 'leaks';

/** With which answers a fault cannot be, and why: `it has no head of its own`. */
export type Exclusions = Readonly<Partial<Record<TransportName | Framing | AnswerRole, string>>>;

/** What of a request decides whether a fault of a plan acts on it: its place among the others. */
export interface Arrival {
  /** Requests that the fault concerned before this one, and those of them in the same window. */
  readonly index: number;
  readonly indexInWindow: number;
  /** Since the fault was put in force. */
  readonly elapsedMs: number;
}

/** How a fault chooses its requests by itself. Only a plan counts them, so it has to be in one. */
export interface Admission {
  /** Windows of this length follow each other without a gap; `Infinity`: there is only one. */
  readonly windowMs: number;
  acts(arrival: Arrival): boolean;
}

/** What a stage may use; there are no globals. */
export interface StageContext {
  /** Sub-stream of the run's seed that belongs to this fault in this stream alone. */
  readonly rng: Rng;
  /** Events the undisturbed stream has, for shares and middles. */
  readonly totalEvents: number;
  readonly transport: TransportName;
  readonly framing: Framing;
  /** Journals that the fault really acted, and what it did. */
  note(what: string): void;
}

/** What out-of-band faults act on is declared beside them; this is what they are given to run. */
export interface DisruptContext<Target> {
  readonly target: Target;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  note(what: string): void;
}

export interface Injector<S extends Readonly<Record<string, OptionType<unknown>>>, Target = never> {
  readonly name: string;
  readonly family: FaultFamily;
  /** One line for lists. */
  readonly summary: string;
  readonly options: S;
  /** A directive that shows it at work, run by a test. */
  readonly example: string;
  /** True when nothing can follow it in a chain, because it ends the stream. */
  readonly isTerminal?: boolean;
  /** There the fault leaves the answer as it is, and the journal has the reason. */
  readonly notOn?: Exclusions;
  explain(options: OptionsOf<S>): string;
  admit?(options: OptionsOf<S>): Admission;
  script?(events: EventStream, options: OptionsOf<S>, context: StageContext): EventStream;
  wire?(frames: FrameStream, options: OptionsOf<S>, context: StageContext): FrameStream;
  head?(head: ResponseHead, options: OptionsOf<S>, context: StageContext): ResponseHead;
  disrupt?(options: OptionsOf<S>, context: DisruptContext<Target>): Promise<AsyncDisposable>;
}

/** An injector bound to checked options: what plans and pipelines work with. */
export interface BoundFault {
  readonly name: string;
  readonly family: FaultFamily;
  readonly isTerminal: boolean;
  readonly notOn: Exclusions;
  explain(): string;
  readonly admission?: Admission;
  readonly script?: (events: EventStream, context: StageContext) => EventStream;
  readonly wire?: (frames: FrameStream, context: StageContext) => FrameStream;
  readonly head?: (head: ResponseHead, context: StageContext) => ResponseHead;
  readonly disrupt?: (context: DisruptContext<never>) => Promise<AsyncDisposable>;
}

/** An injector as the registry keeps it: its options' types are hidden behind `bind`. */
export interface RegisteredInjector {
  readonly name: string;
  readonly family: FaultFamily;
  readonly summary: string;
  readonly example: string;
  readonly notOn: Exclusions;
  readonly options: Readonly<Record<string, OptionType<unknown>>>;
  /** `path`: where in a document the options are, for what is wrong with them. */
  bind(
    raw: Readonly<Record<string, RawValue>>,
    path?: string,
  ): {
    readonly fault: BoundFault | undefined;
    readonly problems: readonly string[];
  };
}

/**
 * Declares an injector; the single place where option types meet raw values.
 *
 *   export const noop = defineInjector({
 *     name: 'noop', family: 'stream', summary: 'Changes nothing.', options: {},
 *     example: 'noop', explain: () => 'changes nothing',
 *     wire: (frames) => frames,
 *   });
 */
export function defineInjector<
  const S extends Readonly<Record<string, OptionType<unknown>>>,
  Target = never,
>(injector: Injector<S, Target>): RegisteredInjector {
  return {
    name: injector.name,
    family: injector.family,
    summary: injector.summary,
    example: injector.example,
    notOn: injector.notOn ?? {},
    options: injector.options,
    bind(raw, path) {
      const owner = `fault ${injector.name}`;
      const { options, problems } = parseOptions(injector.options, raw, owner, path);
      if (problems.length > 0) return { fault: undefined, problems };
      const { admit, script, wire, head, disrupt } = injector;
      return {
        problems: [],
        fault: {
          name: injector.name,
          family: injector.family,
          isTerminal: injector.isTerminal ?? false,
          notOn: injector.notOn ?? {},
          explain: () => injector.explain(options),
          ...(admit && { admission: admit(options) }),
          ...(script && { script: (events, context) => script(events, options, context) }),
          ...(wire && { wire: (frames, context) => wire(frames, options, context) }),
          ...(head && { head: (given, context) => head(given, options, context) }),
          ...(disrupt && {
            disrupt: (context) => disrupt(options, context as DisruptContext<Target>),
          }),
        },
      };
    },
  };
}
