// A small client of the Chrome DevTools protocol: commands with a time limit, and one listener
// per event. It enables no domain by itself and keeps nothing in the target, so that the probe
// does not become the leak.
// Source: https://chromedevtools.github.io/devtools-protocol/v8/ and Node's NodeRuntime domain.

import { type MessageEvent, WebSocket } from 'undici';
import { within } from '../../injectors/determinism.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface InspectorClient extends AsyncDisposable {
  /** Rejects with a sentence when the target refuses, is too slow, or ends. */
  send(method: string, params?: Json, limitMs?: number): Promise<Json>;
  /** One listener per event; events without a listener are dropped at once. */
  on(event: string, listener: (params: Json) => void): void;
  /** The value of an expression, copied; keep it small. */
  evaluate(expression: string, limitMs?: number): Promise<unknown>;
}

const connectLimitMs = 5_000;
const defaultLimitMs = 5_000;
const closeLimitMs = 1_000;

interface Pending {
  readonly method: string;
  readonly resolve: (result: Json) => void;
  readonly reject: (error: Error) => void;
}

export async function connectInspector(url: string): Promise<InspectorClient> {
  const socket = new WebSocket(url);
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, (params: Json) => void>();
  const closed = Promise.withResolvers<void>();
  let nextId = 1;
  const opened = Promise.withResolvers<void>();
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('error', () => {
    opened.reject(new Error(`Cannot connect to the inspector at ${url}: ${nobody}`));
  });
  socket.addEventListener('close', () => {
    closed.resolve();
    for (const { method, reject } of pending.values()) reject(gone(method));
    pending.clear();
  });
  socket.addEventListener('message', ({ data }: MessageEvent) => {
    const message = JSON.parse(String(data)) as Json;
    if (typeof message.id === 'number') settle(pending, message.id, message);
    else listeners.get(String(message.method))?.((message.params ?? {}) as Json);
  });
  const client: InspectorClient = {
    on: (event, listener) => void listeners.set(event, listener),
    async send(method, params = {}, limitMs = defaultLimitMs) {
      if (socket.readyState !== WebSocket.OPEN) throw gone(method);
      const id = nextId++;
      const answer = new Promise<Json>((resolve, reject) => {
        pending.set(id, { method, resolve, reject });
      });
      socket.send(JSON.stringify({ id, method, params }));
      try {
        return await within(limitMs, tooSlow(method, limitMs), answer);
      } finally {
        pending.delete(id);
      }
    },
    async evaluate(expression, limitMs) {
      const params = { expression, returnByValue: true, silent: true };
      return resultValue(await client.send('Runtime.evaluate', params, limitMs));
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      // A stopped target never answers the closing handshake; the socket is then left to undici.
      await within(closeLimitMs, 'closing', closed.promise).catch(() => {});
    },
  };
  await within(connectLimitMs, tooSlow('the WebSocket handshake', connectLimitMs), opened.promise);
  // At its end Node waits for inspectors to let go, so an attached probe would keep a dying
  // gateway alive. Node asks for it here, from 12 on; an older one does not know the method.
  listeners.set('NodeRuntime.waitingForDisconnect', () => socket.close());
  await client.send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
  return client;
}

/** The value in an answer of Runtime.evaluate or callFunctionOn; throws what the target threw. */
export function resultValue(answer: Json): unknown {
  const thrown = answer.exceptionDetails as
    | { text?: string; exception?: { description?: string } }
    | undefined;
  if (thrown !== undefined) {
    const said = thrown.exception?.description?.split('\n')[0] ?? thrown.text ?? 'an exception';
    throw new Error(`Cannot evaluate in the target: ${said}.`);
  }
  return (answer.result as { value?: unknown } | undefined)?.value;
}

/** Shuts an inspector that leakbed opened. The target does so a moment after this client left. */
export async function shutInspector(url: string): Promise<void> {
  try {
    await using client = await connectInspector(url);
    await client.evaluate(
      'void setTimeout(() => process.getBuiltinModule("node:inspector").close(), 50).unref()',
    );
  } catch {
    // The target ended or is stopped: there is nothing left to shut.
  }
}

function settle(pending: Map<number, Pending>, id: number, message: Json): void {
  const entry = pending.get(id);
  if (entry === undefined) return;
  const error = message.error as { message?: string } | undefined;
  if (error === undefined) entry.resolve((message.result ?? {}) as Json);
  else entry.reject(new Error(`Cannot run ${entry.method}: the target said ${error.message}.`));
}

const nobody = 'nothing answers there. Did the process end, or close its inspector?';

function gone(method: string): Error {
  return new Error(
    `Cannot run ${method}: the inspector connection is closed. The process ended or shut it.`,
  );
}

function tooSlow(what: string, limitMs: number): string {
  return `Cannot finish ${what}: no answer in ${limitMs} ms. The process is stopped or too busy.`;
}
