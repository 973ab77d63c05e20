// Speaks to the control plane of the fake providers, embedded or elsewhere, so that a run is the
// same whether the mocks live in this process or in a container.

import { request } from 'undici';
import type { StallState, StallSwitch } from '../../injectors/ambient/billing-stall.ts';
import { sleep } from '../../injectors/determinism.ts';
import type { Fault } from '../../injectors/plan.ts';

export interface ControlClient {
  readonly url: string;
  /** Rejects with one sentence when nobody answers. */
  health(): Promise<void>;
  setPlan(faults: readonly Fault[], seed: number): Promise<void>;
  clearPlan(): Promise<void>;
  /** Faults of a plan that name a phase act while it is on. */
  enterPhase(phase: string): Promise<void>;
  streamsInFlight(): Promise<number>;
  /** Reaches the billing hook inside the gateway; resolves once the hook has followed. */
  readonly billingStall: StallSwitch;
  /** Lets billing pass again, whether or not anybody follows. */
  releaseBilling(): Promise<void>;
}

const answerTimeoutMs = 5_000;
const followTimeoutMs = 5_000;
const stallPath = '/switches/billing-stall';

export function controlClient(url: string, token: string | undefined): ControlClient {
  const call = async (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
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
    releaseBilling: async () => void (await call('PUT', stallPath, { mode: 'pass', delayMs: 0 })),
    billingStall: {
      async set({ mode, delayMs }: StallState) {
        const path = stallPath;
        const state = (await call('PUT', path, { mode, delayMs })) as { version: number };
        await followed(() => call('GET', `${path}/seen`), state.version);
      },
    },
  };
}

/** Waits until the hook in the gateway says that it follows this version of the switch. */
async function followed(look: () => Promise<unknown>, version: number): Promise<void> {
  const pollMs = 25;
  for (let waitedMs = 0; waitedMs < followTimeoutMs; waitedMs += pollMs) {
    const { seen } = (await look()) as { seen: { version: number } | null };
    if (seen !== null && seen.version >= version) return;
    await sleep(pollMs);
  }
  throw new Error(
    'Cannot stall billing: no hook in the gateway follows the switch. Start the gateway with ' +
      '"node --import <leakbed>/injectors/ambient/billing-hook.ts" and LEAKBED_CONTROL set.',
  );
}
