// Connects the gate to the control plane that switches it: one long poll at a time, over one
// keep-alive socket, so that a measured gateway carries a constant cost. Nothing here keeps the
// gateway alive; a control plane that is away is asked again with a bounded backoff.
//
//   GET  /__leakbed/switches/billing-stall?since=N
//        {"version":n,"mode":"stuck","delayMs":0,"nth":1}
//   POST /__leakbed/switches/billing-stall/seen     {"version":n,"calls":n,"waiting":n}

import { Agent, type IncomingMessage, request } from 'node:http';
import { systemClock } from '../determinism.ts';
import { readStallState, type StallPlace, type StallState, switchNames } from './billing-stall.ts';

/** The control plane answers within 25 s; silence beyond that is a dead connection. */
const answerLimitMs = 35_000;
const firstBackoffMs = 100;
const longestBackoffMs = 5_000;
const answerLimitBytes = 65_536;

export interface RemoteOptions {
  /** Base URL of the control plane. */
  readonly control: URL;
  readonly token: string | undefined;
  readonly place: StallPlace;
  /** Ends the following; without it that lasts as long as the process. */
  readonly signal?: AbortSignal;
}

/** What takes the states on: the gate in a gateway, a proxy, a container. */
export interface Stalled {
  set(state: StallState): void | Promise<void>;
  counts(): { readonly calls: number; readonly waiting: number };
}

/** Follows the switch until it is told to stop. */
export async function followSwitch(stalled: Stalled, options: RemoteOptions): Promise<void> {
  const path = `/__leakbed/switches/${switchNames[options.place]}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  options.signal?.addEventListener('abort', () => agent.destroy());
  let version = 0;
  let backoffMs = firstBackoffMs;
  while (options.signal?.aborted !== true) {
    try {
      const next = await ask(agent, options, 'GET', `${path}?since=${version}`);
      if (next.version !== version) {
        await stalled.set(readStallState(next.mode, next.delayMs, next.nth, options.place));
        await ask(agent, options, 'POST', `${path}/seen`, {
          version: next.version,
          ...stalled.counts(),
        });
        version = Number(next.version);
      }
      backoffMs = firstBackoffMs;
    } catch {
      // The version stays as it was, so what was missed is answered at once next time.
      await new Promise<void>((resolve) => void systemClock.after(backoffMs, resolve));
      backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
    }
  }
}

/** One exchange; `unref` on the socket keeps a pending poll from holding the process. */
function ask(
  agent: Agent,
  { control, token }: RemoteOptions,
  method: 'GET' | 'POST',
  target: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    'content-length': Buffer.byteLength(text),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const sent = request(new URL(target, control), { agent, method, headers });
  sent.on('socket', (socket) => socket.unref());
  sent.setTimeout(answerLimitMs, () => sent.destroy(new Error('The control plane is silent.')));
  sent.on('error', reject);
  sent.on('response', (answer) => {
    readJson(answer).then(resolve, reject);
  });
  sent.end(text);
  return promise;
}

async function readJson(answer: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    text += chunk;
    if (text.length > answerLimitBytes) throw new Error('The control plane answers too much.');
  }
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 299) throw new Error(`The control plane answers ${status}.`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
