// Proxy mode: requests go on to the one upstream that was configured, and its answers come back
// through the same wire faults, journal and transports as answers of our own.
//
//   request ─► peek ─► settings ─► upstream ─► deframer ─► wire faults ─► pump ─► client

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Http2ServerRequest, ServerHttp2Stream } from 'node:http2';
import { disturb, type StreamFacts } from '../../injectors/pipeline.ts';
import type { PlannedFault } from '../../injectors/plan.ts';
import { type AnswerContext, openEntry, refuse, send } from '../answer.ts';
import { framingOf } from '../framing.ts';
import type { Intake } from '../intake.ts';
import { noteInjection, type OpenEntry } from '../journal.ts';
import { socketUnder } from '../listen.ts';
import { streamOutcome } from '../outcome.ts';
import { type Call, type Codec, ProviderError, type RoutedOperation } from '../provider.ts';
import { scriptSettings } from '../script/directive.ts';
import { createScript } from '../script/script.ts';
import { settingsFor } from '../settings.ts';
import { arrivalsOf } from './arrivals.ts';
import { createUpstream, type Upstream, type UpstreamAnswer } from './call.ts';
import { createDeframer } from './deframer.ts';
import { callInPath } from './foreign.ts';
import { upstreamHeaders } from './headers.ts';
import { grpcPassage, type Passage, type RestResponse, restPassage } from './passage.ts';
import { hasBody, modestBody, modestMessage } from './peek.ts';

export interface Forwarder {
  rest(request: IncomingMessage | Http2ServerRequest, response: RestResponse): void;
  grpc(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
  close(): Promise<void>;
}

type Read = ReturnType<RoutedOperation['read']>;

/** No position that is a share of it is ever reached. */
const unknownLength = Number.MAX_SAFE_INTEGER;
/** An answer as small as this is one event, as it is among our own. */
const smallBytes = 1024 ** 2;

export function createForwarder(base: URL, intake: Intake): Forwarder {
  const upstream = createUpstream(base);
  const start = (passage: Passage) => {
    const { provider, request, exchange, context } = passage;
    const route = provider.route(request);
    const entry = openEntry(request, route?.name ?? request.method, context);
    forward(passage, route, upstream, entry).catch((error: unknown) =>
      refuse(error, exchange, context.journal, entry),
    );
  };
  return {
    rest(request, response) {
      const socket = 'stream' in response ? socketUnder(response.stream) : response.socket;
      if (socket === undefined || socket === null || socket.destroyed) return;
      start(restPassage(request, response, socket, intake));
    },
    grpc(stream, headers) {
      stream.on('error', () => undefined);
      const socket = socketUnder(stream);
      if (socket === undefined || stream.destroyed) return;
      start(grpcPassage(stream, headers, socket, intake));
    },
    close: upstream.close,
  };
}

async function forward(
  passage: Passage,
  route: RoutedOperation | undefined,
  upstream: Upstream,
  entry: OpenEntry,
): Promise<void> {
  const { request, target, incoming, exchange, context } = passage;
  const gone = new AbortController();
  exchange.onClose(() => {
    gone.abort();
    context.journal.close(entry, 'gone');
  });
  if (request.headers.upgrade !== undefined) {
    throw new ProviderError('validation', 'leakbed hands no WebSocket on to an upstream.');
  }
  const isDuplex = route?.open !== undefined;
  const { body, read } = isDuplex ? {} : await looked(passage);
  if (gone.signal.aborted) return;
  const call = read?.call ?? callInPath(entry.operation, request.rawPath);
  const faults = faultsOf(call, passage, entry);
  const isGrpc = request.transport === 'grpc';
  const ask = isGrpc || isDuplex ? upstream.http2 : upstream.http1;
  const answer = await ask({
    method: request.method,
    target,
    headers: upstreamHeaders(request.headers, faults.length > 0),
    body: hasBody(request) ? ((isGrpc ? undefined : body) ?? incoming) : undefined,
    signal: gone.signal,
  }).catch((error: unknown) => {
    throw new ProviderError('unavailable', `leakbed gets no answer from the upstream: ${error}`);
  });
  giveBack(answer, faults, exceptionsOf(read, context), passage, entry);
}

/** What is asked, where the body is modest and the fake can read it; the upstream may be wiser. */
async function looked({ provider, request, incoming }: Passage): Promise<{
  readonly body?: Buffer;
  readonly read?: Read | undefined;
}> {
  const isGrpc = request.transport === 'grpc';
  const look = isGrpc ? modestMessage(incoming) : modestBody(incoming, request.headers);
  const body = await look;
  if (body === undefined) return {};
  try {
    return { body, read: provider.route({ ...request, body })?.read() };
  } catch {
    return { body };
  }
}

function faultsOf(call: Call, passage: Passage, entry: OpenEntry): readonly PlannedFault[] {
  const { provider, request, context } = passage;
  entry.model = call.model;
  const header = request.headers['x-leakbed'];
  const words = typeof header === 'string' ? header : undefined;
  const settings = settingsFor(call, provider.name, words, context.plan, context.rng);
  if (settings.problems.length > 0) {
    throw new ProviderError('validation', `leakbed directive: ${settings.problems.join(' ')}`);
  }
  entry.faults = settings.faults.map(({ bound }) => bound.name);
  return settings.faults;
}

function giveBack(
  answer: UpstreamAnswer,
  planned: readonly PlannedFault[],
  codec: Pick<Codec, 'exception'>,
  { request, exchange, context }: Passage,
  entry: OpenEntry,
): void {
  const isRefusal = answer.status >= 400;
  if (isRefusal && planned.length > 0) {
    noteInjection(entry, `no fault: the upstream answered ${answer.status} by itself`);
  }
  const faults = isRefusal ? [] : planned;
  const { 'content-length': length, ...unmeasured } = answer.headers;
  const isSmall = length !== undefined && Number(length) <= smallBytes;
  const { transport } = request;
  // JSON that says how long it is was made at once; other streams may lie ready too.
  const isWhole = length !== undefined && /json/.test(answer.headers['content-type'] ?? '');
  const framing = framingOf(transport, { ...answer, isStreaming: !isWhole });
  const acted = new Set<string>();
  const facts: StreamFacts = {
    transport,
    framing,
    totalEvents: isSmall && framing === 'body' ? 1 : unknownLength,
    rng: context.rng.fork('faults'),
    note(fault, what) {
      acted.add(fault);
      noteInjection(entry, `${fault}: ${what}`);
    },
  };
  const arrivals = arrivalsOf(answer, createDeframer(framing, isSmall), context.clock);
  exchange.onClose(() => {
    arrivals.stop();
    tellIdle(faults, acted, entry);
  });
  // A fault can change how much there is, and nobody has counted it.
  const headers = faults.length === 0 ? answer.headers : unmeasured;
  const frames = disturb([], () => arrivals.frames, faults, facts);
  const outcome = streamOutcome(frames, { headers, codec }, faults, facts);
  if (!('frames' in outcome)) arrivals.stop();
  send(outcome, answer, exchange, context, entry, arrivals);
}

/** Nobody has to guess why nothing was seen of a fault. */
function tellIdle(
  faults: readonly PlannedFault[],
  acted: ReadonlySet<string>,
  entry: OpenEntry,
): void {
  for (const { bound } of faults) {
    if (acted.has(bound.name)) continue;
    const isOfScript = bound.wire === undefined && bound.head === undefined;
    const why = isOfScript
      ? "an upstream's answer is bytes, and it acts on what a model means"
      : "its place did not come; a share is unknown of an upstream's answer, so give an event";
    noteInjection(entry, `${bound.name}: did not act because ${why}`);
  }
}

/** How the fake of this operation spells an error inside its stream, where it has words for it. */
function exceptionsOf(read: Read | undefined, { rng }: AnswerContext): Pick<Codec, 'exception'> {
  return {
    exception(...error) {
      if (read === undefined) return [];
      const { settings } = scriptSettings({});
      const limits = { inputTokens: read.call.inputTokens };
      const script = createScript(settings, limits, rng.fork('script'));
      return read.answer(script).codec.exception(...error);
    },
  };
}
