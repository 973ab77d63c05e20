// Connects the gate to the control plane that switches it: one long poll at a time, over one
// keep-alive socket, so that a measured gateway carries a constant cost. Nothing here keeps the
// gateway alive; a control plane that is away is asked again with a bounded backoff.
//
//   GET  /__leakbed/switches/billing-stall?since=N   {"version":n,"mode":"stuck","delayMs":0}
//   POST /__leakbed/switches/billing-stall/seen      {"version":n,"calls":n,"waiting":n}

import { Agent, type IncomingMessage, request } from 'node:http';
import { systemClock } from '../determinism.ts';
import type { BillingGate } from './billing-gate.ts';
import type { StallMode } from './billing-stall.ts';

const path = '/__leakbed/switches/billing-stall';
/** The control plane answers within 25 s; silence beyond that is a dead connection. */
const answerLimitMs = 35_000;
const firstBackoffMs = 100;
const longestBackoffMs = 5_000;
const answerLimitBytes = 65_536;
const modes: readonly StallMode[] = ['pass', 'stuck', 'slow', 'error'];

export interface RemoteOptions {
  /** Base URL of the control plane. */
  readonly control: URL;
  readonly token: string | undefined;
}

/** Follows the switch for as long as the process lives. */
export async function followSwitch(gate: BillingGate, options: RemoteOptions): Promise<never> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let version = 0;
  let backoffMs = firstBackoffMs;
  for (;;) {
    try {
      const next = await ask(agent, options, 'GET', `${path}?since=${version}`);
      if (next.version !== version) {
        gate.set(readState(next));
        await ask(agent, options, 'POST', `${path}/seen`, {
          version: next.version,
          ...gate.counts(),
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

function readState(answer: Readonly<Record<string, unknown>>) {
  const mode = modes.find((known) => known === answer.mode);
  const delayMs = answer.delayMs ?? 0;
  if (mode === undefined || typeof delayMs !== 'number' || !(delayMs >= 0)) {
    throw new RangeError(`Cannot switch billing to "${answer.mode}": it is no mode.`);
  }
  return { mode, delayMs };
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
