// The Provider contract: how a fake reads requests, what it answers, and how it spells errors.
// A provider knows no socket and no timer; transports know no provider.
//
//   ApiRequest ─► route ─► Operation.read ─► Call ─► settings ─► Operation.answer ─► Answer

import type { IncomingHttpHeaders } from 'node:http';
import type {
  AnswerRole,
  ErrorHints,
  Frame,
  Framing,
  ModelEvent,
  TransportName,
} from '../injectors/stream.ts';
import type { GoogleGate } from './auth/google/gate.ts';
import type { Memory } from './memory.ts';
import type { StreamScript } from './script/script.ts';
import type { OfferedTool } from './script/tool.ts';

/** A request as it came, whatever carried it. For gRPC, `body` is the unframed message. */
export interface ApiRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded; routing splits it before it decodes. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly transport: TransportName;
  /** Lower-case UUID, echoed where the provider echoes one. */
  readonly requestId: string;
  readonly memory: Memory;
  /** Asked by Google's services who may come in; undefined lets everybody. */
  readonly gate?: GoogleGate | undefined;
}

/** What a valid request asks for. */
export interface Call {
  readonly operation: string;
  readonly model: string;
  /** All the user said; searched for a directive, counted for usage. */
  readonly prompt: string;
  /** What stood behind the model's name, after `~`: the words of a directive. */
  readonly modelWords?: string | undefined;
  readonly inputTokens: number;
  /** Most tokens the request allows in the answer, when it says so. */
  readonly maxTokens?: number;
  /** Tools the request offers; a script that calls tools takes them in turn. */
  readonly tools?: readonly OfferedTool[];
  /** Name of the tool that must be called; empty when any will do. */
  readonly forcedTool?: string;
  /** True: a planned fault concerns it only when it names the operation. */
  readonly isNamedOnly?: boolean;
}

/** A frame that does not know its time yet. */
export type EncodedFrame = Omit<Frame, 'dueMs'>;

/** Turns one stream's model events into bytes; made anew for each answer, so it may keep state. */
export interface Codec {
  encode(event: ModelEvent): readonly EncodedFrame[];
  /** Pieces of text without a pause, where no fault looks at each; as `encode` gives one by one. */
  run?(texts: readonly string[]): readonly EncodedFrame[];
  /** What follows the last event, an array's closing bracket for instance. */
  finish(): readonly EncodedFrame[];
  /** The bytes of `finish` from what is kept, where no fault looks at its one frame. */
  pieces?(): readonly EncodedFrame[];
  /**
   * An error inside the stream; empty where the transport carries it (gRPC trailers). A fault may
   * have dropped what was encoded last, so `sentEvents` says how many events really went out.
   */
  exception(name: string, message: string, sentEvents: number): readonly EncodedFrame[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly codec: Codec;
  /** False: one body, whose head goes out with it once the whole answer is ready. */
  readonly isStreaming: boolean;
  /** Events the client would see undisturbed; positions such as 50 % refer to it. */
  readonly totalEvents: number;
  /** True where the service compresses what it sends to a client that accepts gzip. */
  readonly mayCompress?: boolean;
  /** Where its head is not its own, faults of a head cannot be. */
  readonly role?: AnswerRole;
}

/** A whole HTTP answer that is an error. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Operation<C extends Call = Call> {
  readonly name: string;
  /** Validates as the real service does; throws a ProviderError for what that would refuse. */
  read(request: ApiRequest, params: Readonly<Record<string, string>>): C;
  answer(call: C, script: StreamScript, request: ApiRequest): Answer;
}

/** An operation found for a request, its types closed over. */
export interface RoutedOperation {
  readonly name: string;
  read(): { readonly call: Call; answer(script: StreamScript): Answer };
  /**
   * Present where the client goes on speaking while it is answered; its stream is then given to
   * this instead of a body to `read`. `verify` is called for each signed message, if any.
   */
  open?(verify: VerifyEvent | undefined): Session;
}

/** A message in the client's stream that is signed; throws when the signature is wrong. */
export type VerifyEvent = (event: {
  readonly date: Date;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
}) => void;

export interface Turn {
  readonly call: Call;
  answer(script: StreamScript): Answer;
}

/**
 * What an operation is while the client still speaks and is already answered: it takes bytes and
 * gives turns, each a call like any other, with a script and faults of its own.
 */
export interface Session {
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * What these bytes ask for, one after another; throws a ProviderError on reaching what the
   * service would refuse, and is of no use after that.
   */
  receive(bytes: Buffer): Iterable<Turn>;
  /** The client has said all; throws when it stopped in the middle of something. */
  end(): void;
  /** An error after the answer began. */
  exception(name: string, message: string): readonly EncodedFrame[];
}

export interface Provider {
  readonly name: string;
  /** First path segments it owns over REST, for instance `model`. */
  readonly prefixes: readonly string[];
  /** Full gRPC service names it owns. */
  readonly services: readonly string[];
  /** Names of all operations, as calls and the journal have them. */
  readonly operations: readonly string[];
  /** How its answers are framed, and what carries each. */
  readonly framings: Readonly<Partial<Record<Framing, readonly TransportName[]>>>;
  /** Undefined when no operation has this path. */
  route(request: ApiRequest): RoutedOperation | undefined;
  /** Spells an error as the whole answer; names may be neutral or the provider's own. */
  errorAnswer(name: string, message: string, request: ApiRequest, hints?: ErrorHints): ErrorAnswer;
  /** google.rpc code for gRPC trailers; unknown names give 2 (UNKNOWN). */
  grpcStatus?(name: string, message: string, hints?: ErrorHints): GrpcStatus;
}

export interface GrpcStatus {
  readonly code: number | string;
  readonly message: string;
  /** Encoded google.rpc.Status for grpc-status-details-bin. */
  readonly details?: Buffer;
}

/** Neutral error names every provider understands, beside its own vocabulary. */
export const neutralErrors = [
  'validation',
  'access-denied',
  'not-found',
  'throttling',
  'quota',
  'timeout',
  'internal',
  'unavailable',
  'model-error',
  'expired-token',
] as const;

/** A request that the real service refuses. `code` is a neutral or a provider's own name. */
export class ProviderError extends Error {
  readonly code: string;
  readonly extra: RefusalExtra;
  constructor(code: string, message: string, extra: RefusalExtra = {}) {
    super(message);
    this.name = 'ProviderError';
    this.code = code;
    this.extra = extra;
  }
}

/** What goes out beside an error's name and text. */
export interface RefusalExtra {
  readonly headers?: Readonly<Record<string, string>>;
  readonly hints?: ErrorHints;
}

/** The same turn, with what stood behind the model's name in the request. */
export function withModelWords<T extends { readonly call: Call }>(
  turn: T,
  modelWords: string | undefined,
): T {
  return modelWords === undefined ? turn : { ...turn, call: { ...turn.call, modelWords } };
}

/** Closes an operation's types over one request, for `Provider.route`. */
export function routed<C extends Call>(
  operation: Operation<C>,
  request: ApiRequest,
  params: Readonly<Record<string, string>>,
): RoutedOperation {
  return {
    name: operation.name,
    read() {
      const call = operation.read(request, params);
      return { call, answer: (script) => operation.answer(call, script, request) };
    },
  };
}
