// Which way does the gateway go to each provider? Asked once before a matrix: a gateway is brought
// up, one stream of each provider goes through it, and the fakes' journal says how it arrived.

import { seededRng, systemClock } from '../../injectors/determinism.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import type { Framing, TransportName } from '../../injectors/stream.ts';
import type { GatewayClient } from '../load/gateway-client.ts';
import type { Arm } from '../load/workload.ts';
import { bringUp, type GatewayChoice, type GatewaySurroundings } from '../subjects/gateway.ts';
import type { ControlClient } from './control-client.ts';
import { gatewayWords } from './gateway-words.ts';

export interface ObservedWay {
  readonly provider: string;
  readonly transport: TransportName;
  readonly framing: Framing;
}

/** As many at once as a cell has. */
const burstCount = 12;
const burstsUntilWarm = 6;
/** After every sequence that a journal reaches: nothing but its last one is asked for. */
const newest = 2 ** 31 - 1;

export type Ways = {
  readonly ways: readonly ObservedWay[];
  /** Why a provider could not be reached through the gateway. */
  readonly unreached: readonly string[];
  /** The longest that an undisturbed stream took, of as many at once as a cell has. */
  readonly slowestMs: number;
};

/** `arms`: an undisturbed stream of each provider, named after it. */
export async function observedTransports(
  gateway: GatewayChoice,
  around: GatewaySurroundings,
  control: ControlClient,
  arms: readonly Arm[],
): Promise<Ways> {
  await using subject = await bringUp(gateway, around);
  const words = gatewayWords(gateway, around);
  const startedMs = systemClock.nowMs();
  const nowMs = () => systemClock.nowMs() - startedMs;
  await using client = words.openClient(subject.url, `ways-${subject.pid}`, nowMs);
  const ask = async (arm: Arm) => {
    const { last } = await control.journal(newest);
    const answer = await client.send(arm.make(seededRng(last), last));
    return { answer, entries: (await control.journal(last)).entries };
  };
  const ways: ObservedWay[] = [];
  const unreached: string[] = [];
  let slowestMs = 0;
  for (const arm of arms) {
    const told = await ask(arm).catch((error: unknown) => String(error));
    const entry = typeof told === 'string' ? undefined : told.entries[0];
    if (typeof told === 'string') unreached.push(`${arm.name}: ${told}`);
    else if (told.answer.outcome !== 'ok' || entry === undefined) {
      const { error, status } = told.answer;
      unreached.push(`${arm.name}: ${error ?? `answered ${status} without it`}`);
    } else {
      const transport = entry.transport as TransportName;
      const isSse = async () => {
        // Comments act on server-sent events alone.
        await control.setPlan([parseFaultWords('sse-comment;every=1')], 1);
        const disturbed = await ask(arm);
        await control.clearPlan();
        return disturbed.entries.some(({ injected }) => injected.length > 0);
      };
      const framing = await framingOf(arm.name, transport, isSse);
      ways.push({ provider: arm.name, transport, framing });
      slowestMs = Math.max(slowestMs, await slowestOfBurst(client, arm));
    }
  }
  return { ways, unreached, slowestMs };
}

/** The first ones meet cold code; the last one counts. */
async function slowestOfBurst(client: GatewayClient, arm: Arm): Promise<number> {
  let slowestMs = 0;
  for (let burst = 0; burst < burstsUntilWarm; burst++) {
    const answers = await Promise.all(
      Array.from({ length: burstCount }, (_, nth) => client.send(arm.make(seededRng(nth), nth))),
    );
    slowestMs = Math.max(...answers.map(({ startMs, endMs }) => endMs - startMs));
  }
  return slowestMs;
}

async function framingOf(
  provider: string,
  transport: TransportName,
  isSse: () => Promise<boolean>,
): Promise<Framing> {
  if (transport === 'grpc' || transport === 'websocket') return transport;
  if (provider === 'bedrock') return 'event-stream';
  return (await isSse()) ? 'sse' : 'json-array';
}
