// Speaks to an OpenAI-compatible gateway: one call is one request and one answer, over a bounded
// set of connections, with every wait limited and every client fault of the request at work.

import type { ClientExchange } from '../../injectors/client/exchange.ts';
import { type Clock, systemClock } from '../../injectors/determinism.ts';
import type { BoundFault, DisruptContext } from '../../injectors/injector.ts';
import type { Injection } from '../record.ts';
import type { GatewayAnswer } from './answer.ts';
import { type Connection, type Connections, openConnections } from './connections.ts';
import { beginExchange, type Exchange } from './exchange.ts';
import { encodeRequest, type GatewayRequest, type WireRequest } from './gateway-request.ts';

export interface GatewayClientOptions {
  /** Base URL of the gateway, without a trailing slash. */
  readonly url: string;
  /** Root of the API below it. */
  readonly apiPath?: string;
  readonly apiKey?: string;
  /** How requests are put for this gateway; as OpenAI's API has them unless said otherwise. */
  readonly encode?: (request: GatewayRequest) => WireRequest;
  /** Connections, and so requests in flight, at most. */
  readonly connectionLimit: number;
  readonly connectTimeoutMs?: number;
  /** Until the headers. */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of body. */
  readonly bodyTimeoutMs?: number;
  /** For the whole exchange, whatever trickles in. */
  readonly totalTimeoutMs?: number;
  /** Begins every x-request-id, so that several clients can be told apart in logs. */
  readonly requestIdPrefix?: string;
  /** The run's monotonic clock. */
  readonly nowMs: () => number;
  /** Timers of faults and of the total limit. */
  readonly clock?: Clock;
  /** Told of every client fault that acted. */
  readonly onInjection?: (injection: Injection) => void;
}

export interface GatewayClient extends AsyncDisposable {
  /** Never rejects for what the gateway does; only for a request that cannot be made. */
  send(request: GatewayRequest): Promise<GatewayAnswer>;
  /** Ends whatever is in flight, as errors with this reason. */
  cut(reason: string): void;
  /** Closes idle connections, so that two readings of the gateway at rest compare. */
  dropIdle(): void;
}

export function openGatewayClient(options: GatewayClientOptions): GatewayClient {
  const { clock = systemClock, connectionLimit, connectTimeoutMs = 5000 } = options;
  const { origin, pathname } = new URL(`${options.url}${options.apiPath ?? '/api/v1'}`);
  const root = pathname.replace(/\/$/, '');
  const connections = openConnections({ origin, connectionLimit, connectTimeoutMs });
  const inFlight: Exchange[] = [];
  const life = new AbortController();
  const prepare = requestMaker({ ...options, clock }, root, connections, inFlight);

  return {
    async send(request) {
      const connection = connections.take();
      const healing: Healing = [];
      try {
        const { exchange, sent } = prepare(request, connection, healing);
        if (request.faults !== undefined) {
          const context = { target: exchange, clock, signal: life.signal };
          await applyFaults(request.faults, context, healing, options);
        }
        connection.dispatch(sent, exchange.handler);
        return await exchange.answer;
      } finally {
        for (const heal of healing) {
          const healed = heal();
          if (healed !== undefined) await healed;
        }
        connections.give(connection);
      }
    },
    cut(reason) {
      for (const exchange of inFlight) exchange.fail(reason);
    },
    dropIdle: () => connections.dropIdle(),
    async [Symbol.asyncDispose]() {
      life.abort();
      await connections.close();
    },
  };
}

/** Makes a request ready to be sent, and adds to `healing` what is undone once it is over. */
function requestMaker(
  options: GatewayClientOptions & { readonly clock: Clock },
  root: string,
  connections: Connections,
  inFlight: Exchange[],
) {
  const { nowMs, clock, encode = encodeRequest, requestIdPrefix = 'leakbed' } = options;
  const { headersTimeoutMs: headersTimeout = 30_000, bodyTimeoutMs: bodyTimeout = 30_000 } =
    options;
  const { totalTimeoutMs = 120_000 } = options;
  const overdue = `TOTAL_TIMEOUT: the answer was not complete after ${totalTimeoutMs} ms.`;
  const headersFor = headerMaker(options);
  let requestCount = 0;
  return (request: GatewayRequest, connection: Connection, healing: Healing) => {
    const { method, path, body, headers: own, vectorCount } = encode(request);
    requestCount += 1;
    const id = `${requestIdPrefix}-${requestCount}`;
    const exchange = beginExchange({
      id,
      connection,
      isStreamed: request.kind === 'chat' && request.isStreamed,
      expected: { eventCount: request.expectedEventCount, vectorCount },
      nowMs,
      hold(heldMs) {
        const cancel = clock.after(heldMs, () => connections.release(connection));
        connections.hold(connection, cancel);
      },
    });
    inFlight.push(exchange);
    const cancelLimit = clock.after(totalTimeoutMs, () => exchange.fail(overdue));
    healing.push(() => {
      cancelLimit();
      takeOut(inFlight, exchange);
    });
    const headers = headersFor(id, body, own);
    const sent = { method, path: `${root}${path}`, body, headers, headersTimeout, bodyTimeout };
    return { exchange, sent };
  };
}

/** What is undone when a request is over, in the order it was done. */
type Healing = (() => void | PromiseLike<void>)[];

/**
 * An array and no Set: one that is changed all the time is made anew every few requests, and each
 * old one that the collector has aged keeps the next one alive, with all that was in it.
 */
function takeOut(list: Exchange[], one: Exchange): void {
  const place = list.indexOf(one);
  const last = list.pop();
  if (last !== undefined && last !== one) list[place] = last;
}

function headerMaker({ apiKey }: GatewayClientOptions) {
  return (id: string, body: string | null, own: WireRequest['headers'] = {}): string[] => {
    const headers = ['x-request-id', id];
    if (body !== null) headers.push('content-type', 'application/json');
    let isKeyed = false;
    for (const [name, value] of Object.entries(own)) {
      isKeyed ||= name.toLowerCase() === 'authorization';
      headers.push(name, value);
    }
    if (apiKey !== undefined && !isKeyed) headers.push('authorization', `Bearer ${apiKey}`);
    return headers;
  };
}

async function applyFaults(
  faults: readonly BoundFault[],
  context: Omit<DisruptContext<ClientExchange>, 'note'>,
  healing: Healing,
  { nowMs, onInjection }: GatewayClientOptions,
): Promise<void> {
  const startMs = nowMs();
  for (const { name, family, disrupt } of faults) {
    if (family !== 'client' || disrupt === undefined) {
      throw new Error(
        `Cannot apply fault "${name}" to a request: it is a ${family} fault. Use a client fault.`,
      );
    }
    const note = (what: string) => onInjection?.({ fault: name, what, startMs, endMs: nowMs() });
    const started = await disrupt({ ...context, note } as DisruptContext<never>);
    healing.push(() => started[Symbol.asyncDispose]());
  }
}
