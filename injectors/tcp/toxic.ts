// The contract of a toxic: an injector that works on the raw bytes of one direction of a TCP
// connection. A toxic never waits. It is asked what becomes of the chunk at its head and answers
// with a number of bytes and a time; the stage that holds the chunk (stage.ts) does the waiting. So
// toxics are pure, and one that is changed or removed leaves nothing behind but the waiting chunks.
// Names and attributes are Toxiproxy's: https://github.com/Shopify/toxiproxy#toxics

import type { Rng } from '../determinism.ts';
import { type DisruptContext, defineInjector, type RegisteredInjector } from '../injector.ts';
import { choice, type OptionsOf, type OptionType, type RawValue, ratio } from '../options.ts';

export const directions = ['upstream', 'downstream'] as const;
/** upstream: what the client sends; downstream: what it gets. */
export type Direction = (typeof directions)[number];

/** fin: both sockets are closed in order. rst: both are reset. */
export type CloseWay = 'fin' | 'rst';

/** The chunk at the head of a toxic's queue, or what is left of it. */
export interface Waiting {
  readonly lengthBytes: number;
  /** When it came to this toxic. */
  readonly arrivedMs: number;
  /** The earliest it can be worked on: it has arrived, and what was before it has gone on. */
  readonly startMs: number;
}

export type Release =
  /** The first bytes go on at `atMs`; `isLast` closes the connection right after them. */
  | {
      readonly kind: 'pass';
      readonly bytes: number;
      readonly atMs: number;
      readonly isLast?: boolean;
    }
  /** Waits until the toxic is changed or removed. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'close'; readonly atMs: number; readonly way: CloseWay };

/** A toxic at work on one direction of one connection; its state lives in the closure. */
export interface ToxicFlow {
  release(waiting: Waiting): Release;
  /** What becomes of the end of the source; without this it goes on at once. */
  readonly end?: (arrivedMs: number) => Release;
  /** The connection is closed so long after the toxic began, whatever flows. */
  readonly lifetimeMs?: number;
}

export type Attributes = Readonly<Record<string, number>>;
type Schema = Readonly<Record<string, OptionType<number>>>;

/** One toxic on one proxy, as data: what the HTTP API shows. */
export interface ToxicSpec {
  readonly name: string;
  readonly type: string;
  readonly stream: Direction;
  /** Share of the connections that it works on. */
  readonly toxicity: number;
  readonly attributes: Attributes;
}

/** What a TCP fault acts on when it comes from a plan or a command line: a proxy. */
export interface ToxicTarget {
  addToxic(spec: ToxicSpec): void;
  removeToxic(name: string): void;
  setEnabled(isEnabled: boolean): Promise<void>;
}

/** A toxic as the list keeps it: its attributes are plain numbers under Toxiproxy's names. */
export interface RegisteredToxic {
  /** Toxiproxy's spelling: `limit_data`. */
  readonly type: string;
  readonly attributes: Schema;
  /** Removing it closes the connections that it works on, as data of theirs is lost. */
  readonly closesOnRemoval: boolean;
  /** The same as a fault of the catalogue: `tcp-limit-data`. */
  readonly injector: RegisteredInjector;
  /** `previous` is what an update replaces; only `limit_data` goes on from it. */
  flow(attributes: Attributes, rng: Rng, previous?: ToxicFlow): ToxicFlow;
}

/**
 * Declares a toxic.
 *
 *   export const noop = defineToxic({
 *     type: 'noop', summary: 'Changes nothing.', attributes: {},
 *     example: '', explain: () => 'passes everything on',
 *     flow: () => ({ release: ({ lengthBytes, startMs }) => pass(lengthBytes, startMs) }),
 *   });
 */
export function defineToxic<const S extends Schema>(toxic: {
  readonly type: string;
  readonly summary: string;
  readonly attributes: S;
  /** Attributes that show it at work: `latency=100;jitter=20`. */
  readonly example: string;
  readonly closesOnRemoval?: boolean;
  explain(attributes: OptionsOf<S>): string;
  flow(attributes: OptionsOf<S>, rng: Rng, previous?: ToxicFlow): ToxicFlow;
}): RegisteredToxic {
  const name = faultName(toxic.type);
  const injector = defineInjector({
    name,
    family: 'tcp',
    summary: toxic.summary,
    options: { ...toxic.attributes, ...placement },
    example: [name, toxic.example].filter(Boolean).join(';'),
    explain: (options) => {
      const { stream, toxicity } = options as OptionsOf<typeof placement>;
      const share = toxicity === 1 ? '' : ` on ${Math.round(toxicity * 100)}% of the connections`;
      return `${stream}: ${toxic.explain(options as OptionsOf<S>)}${share}`;
    },
    async disrupt(options, { target, note }: DisruptContext<ToxicTarget>) {
      const spec = specOf(toxic.type, options as Readonly<Record<string, RawValue>>);
      target.addToxic(spec);
      note(`${spec.name} added`);
      return {
        async [Symbol.asyncDispose]() {
          target.removeToxic(spec.name);
          note(`${spec.name} removed`);
        },
      };
    },
  });
  return {
    type: toxic.type,
    attributes: toxic.attributes,
    closesOnRemoval: toxic.closesOnRemoval ?? false,
    injector,
    flow: (attributes, rng, previous) => toxic.flow(attributes as OptionsOf<S>, rng, previous),
  };
}

/** The whole of `bytes` goes on at `atMs`. */
export const pass = (bytes: number, atMs: number): Release => ({ kind: 'pass', bytes, atMs });

/** `limit_data` to `tcp-limit-data`; streams have faults of some of these names too. */
export const faultName = (type: string): string => `tcp-${type.replaceAll('_', '-')}`;

const placement = {
  stream: choice(directions, 'downstream', 'direction: upstream is what the client sends'),
  toxicity: ratio('1', 'share of the connections it works on'),
};

/** From checked options of the catalogue to what a proxy takes. */
export function specOf(type: string, options: Readonly<Record<string, RawValue>>): ToxicSpec {
  const { stream, toxicity, ...attributes } = options;
  return {
    name: `${type}_${stream}`,
    type,
    stream: stream as Direction,
    toxicity: Number(toxicity),
    attributes: attributes as Attributes,
  };
}
