// Speaks to the control plane of the fake providers, embedded or elsewhere, so that a run is the
// same whether the mocks live in this process or in a container.

import { request } from 'undici';
import {
  healthy,
  type StallPlace,
  type StallState,
  type StallSwitch,
  switchNames,
} from '../../injectors/ambient/billing-stall.ts';
import { sleep } from '../../injectors/determinism.ts';
import type { Fault } from '../../injectors/plan.ts';
import type { Told } from '../../mocks/control/story.ts';

export interface ControlClient {
  readonly url: string;
  /** Rejects with one sentence when nobody answers. */
  health(): Promise<void>;
  setPlan(faults: readonly Fault[], seed: number): Promise<void>;
  clearPlan(): Promise<void>;
  /** Faults of a plan that name a phase act while it is on. */
  enterPhase(phase: string): Promise<void>;
  streamsInFlight(): Promise<number>;
  /** Passes a message about the gateway on to whoever watches the dashboard. */
  tell(message: Told): Promise<void>;
  /** The newest requests after this sequence; what is asked here is a part of what there is. */
  journal(since: number): Promise<{
    readonly last: number;
    readonly entries: readonly {
      readonly transport: string;
      readonly injected: readonly string[];
    }[];
  }>;
  /** Reaches whatever follows the switch of a place; resolves once that has followed. */
  billingStall(place: StallPlace): StallSwitch;
  /** Lets billing pass again everywhere, whether or not anybody follows. */
  releaseBilling(): Promise<void>;
}

const answerTimeoutMs = 5_000;
const followTimeoutMs = 5_000;

export function controlClient(url: string, token: string | undefined): ControlClient {
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
    const answer = await request(`${url}/__leakbed${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
    }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(
        `Cannot reach the fake providers at ${url}: ${why || 'no answer'}. ` +
          'Start them with "leakbed mocks", or name them by --mocks URL.',
      );
    });
    const text = await answer.body.text();
    if (answer.statusCode < 300) return text === '' ? undefined : (JSON.parse(text) as unknown);
    throw new Error(`Cannot ${method} ${path} of the fake providers at ${url}: ${text}`);
  };
  return {
    url,
    health: async () => void (await call('GET', '/health')),
    setPlan: async (faults, seed) => void (await call('PUT', '/plan', { seed, faults })),
    clearPlan: async () => void (await call('DELETE', '/plan')),
    enterPhase: async (phase) => void (await call('PUT', '/plan/phase', { phase })),
    async streamsInFlight() {
      const { total } = (await call('GET', '/streams?limit=0')) as { total: number };
      return total;
    },
    tell: async (message) => void (await call('POST', '/live', message)),
    journal: async (since) =>
      (await call('GET', `/journal?since=${since}`)) as Awaited<
        ReturnType<ControlClient['journal']>
      >,
    async releaseBilling() {
      for (const name of Object.values(switchNames))
        await call('PUT', `/switches/${name}`, healthy);
    },
    billingStall: (place) => ({
      async set(wanted: StallState) {
        const path = `/switches/${switchNames[place]}`;
        const state = (await call('PUT', path, wanted)) as { version: number };
        await followed(() => call('GET', `${path}/seen`), state.version, place);
      },
    }),
  };
}

const remedies: Readonly<Record<StallPlace, string>> = {
  hook:
    'no hook in the gateway follows the switch. Start it with LEAKBED_CONTROL and ' +
    'LEAKBED_BILLING_HOOK set: Node with "--import <leakbed>/injectors/ambient/billing-hook.ts", ' +
    'Python with PYTHONPATH=<leakbed>/injectors/ambient/python.',
  wire:
    'no proxy before the sink follows the switch. Name the sink by --sink VARIABLE=URL, or start ' +
    '"leakbed proxy --control URL" before it.',
  container: 'nobody holds the container. Name it by --sink-container NAME; may docker be run?',
};

/** Waits until who follows the switch says that it has taken this version on. */
async function followed(
  look: () => Promise<unknown>,
  version: number,
  place: StallPlace,
): Promise<void> {
  const pollMs = 25;
  for (let waitedMs = 0; waitedMs < followTimeoutMs; waitedMs += pollMs) {
    const { seen } = (await look()) as { seen: { version: number } | null };
    if (seen !== null && seen.version >= version) return;
    await sleep(pollMs);
  }
  throw new Error(`Cannot stall billing: ${remedies[place]}`);
}
