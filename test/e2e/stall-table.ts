// The table of the billing stall: gateway × mode × bound, with a real Postgres behind the worker of
// the reference gateways and an HTTP sink behind LiteLLM's. Without a bound a stuck worker is the
// risk that is measured and named; with one the same run passes.
//
//   node test/e2e/stall-table.ts [--gateway NAME]… [--mode NAME]… [--events N] [--rounds N]
//                                [--bound N] [--seed N]

import { parseArgs } from 'node:util';
import { integritySentence } from '../../harness/checkers/reconcile.ts';
import { referenceNames } from '../../harness/cli/run-flags.ts';
import { openProfile } from '../../harness/profiles/open-profile.ts';
import { readStallState, type StallPlace } from '../../injectors/ambient/billing-stall.ts';
import { startMocks } from '../../mocks/server.ts';
import { install } from '../conformance/clients/install.ts';
import { litellmRecipe } from '../fixtures/gateway-recipes.ts';
import { noPostgres, startPostgres } from '../fixtures/postgres.ts';
import { runStalled, type StallOutcome } from '../fixtures/stalled-gateway.ts';
import { runStalledLitellm } from '../fixtures/stalled-litellm.ts';

const { values } = parseArgs({
  options: {
    gateway: {
      type: 'string',
      multiple: true,
      default: [...referenceNames, 'litellm', 'portkey', 'bifrost'],
    },
    mode: { type: 'string', multiple: true },
    events: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '4' },
    bound: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});

interface Row {
  readonly mode: string;
  readonly place: StallPlace;
  readonly delayMs?: number;
  readonly nth?: number;
}

const all: readonly Row[] = [
  { mode: 'stuck', place: 'hook' },
  { mode: 'stuck', place: 'wire' },
  { mode: 'slow', place: 'hook', delayMs: 20 },
  { mode: 'error', place: 'hook' },
  { mode: 'error', place: 'wire' },
  { mode: 'flap', place: 'hook', delayMs: 500 },
  { mode: 'poison', place: 'hook', nth: 50 },
  { mode: 'duplicate-ack', place: 'hook', nth: 10 },
  // Billing works: what the others are compared with.
  { mode: 'recover', place: 'hook' },
];
const modes = all.filter(({ mode }) => values.mode?.includes(mode) ?? true);
if (modes.length === 0) {
  const known = [...new Set(all.map(({ mode }) => mode))].join(', ');
  throw new RangeError(`Cannot stall by mode ${values.mode}: there is none. Use ${known}.`);
}

/** Gateways that bill nothing here; their profiles' README says more. */
const without: Readonly<Record<string, string>> = {
  portkey: 'it bills nothing itself',
  bifrost: 'its program cannot be fetched here',
};

const widths = [17, 6, 19, 6, 24, 8, 8, 10, 5, 6, 6] as const;
const print = (text: string) => void process.stdout.write(`${text}\n`);
const line = (cells: readonly string[]) =>
  print(cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' '));

if (noPostgres !== false) {
  print(`skipped: ${noPostgres}`);
  process.exit(77);
}
await using postgres = await startPostgres();
await using mocks = await startMocks({ port: 0, seed: Number(values.seed) });
const [bound, eventsPerRound, rounds] = [values.bound, values.events, values.rounds].map(
  Number,
) as [number, number, number];
print(`seed ${values.seed}; ${rounds} rounds of ${eventsPerRound} requests each`);
line([
  'gateway',
  'bound',
  'stall',
  'depth',
  'bytes per event',
  'peak RSS',
  'drain',
  'residual',
  'lost',
  'twice',
  'wrong',
  'verdict',
]);
let isRight = true;
for (const gateway of values.gateway) {
  const own = referenceNames.find((name) => name === gateway);
  if (own === undefined && gateway !== 'litellm') {
    print(
      `${openProfile(gateway).name}: no billing to stall: ${without[gateway] ?? 'none is known'}`,
    );
    continue;
  }
  for (const { mode, place, delayMs = 0, nth = 1 } of modes) {
    const stall = {
      place,
      state: readStallState(mode, delayMs, nth, place),
      eventsPerRound,
      rounds,
    };
    if (own === undefined) {
      const installed = await install(litellmRecipe);
      if (installed.reason !== undefined) {
        print(`litellm: skipped, ${installed.reason}`);
        break;
      }
      process.env.LEAKBED_LITELLM = installed.folder;
      // What somebody else's gateway loses is a finding, and no failure of this table.
      tell(mode, place, gateway, null, await runStalledLitellm(stall, mocks));
      continue;
    }
    // Only what holds everything shows what a missing bound costs.
    for (const queueLimit of mode === 'stuck' ? [bound, 0] : [bound]) {
      const run = `${gateway}-${mode}-${place}-${queueLimit}`;
      const outcome = await runStalled(
        { gateway: own, run, queueLimit, ...stall },
        mocks,
        postgres,
      );
      isRight = tell(mode, place, gateway, queueLimit, outcome) && isRight;
    }
  }
}
process.exitCode = isRight ? 0 : 1;

/** True when the ledger is complete and a bound, where there is one, was kept. */
function tell(
  mode: string,
  place: StallPlace,
  gateway: string,
  limit: number | null,
  outcome: StallOutcome,
): boolean {
  const { depth, bytesPerEvent, lost, duplicated, wrong } = outcome;
  const isWhole = lost.length + duplicated.length + wrong.length === 0;
  const isKept = limit === null || limit === 0 || depth <= limit;
  const [middle, low, high] = bytesPerEvent?.map((bytes) => Math.round(bytes)) ?? [];
  line([
    gateway,
    limit === null ? 'its' : limit === 0 ? 'none' : String(limit),
    `${mode} ${place}`,
    String(depth),
    middle === undefined ? '-' : `${middle} [${low}, ${high}]`,
    `${(outcome.peakRssBytes / 1024 ** 2).toFixed(0)} MiB`,
    `${outcome.drainSeconds.toFixed(2)} s`,
    `${(outcome.residualBytes / 1024).toFixed(0)} KiB`,
    String(lost.length),
    String(duplicated.length),
    String(wrong.length),
    verdictOf(limit, outcome, isWhole, isKept),
  ]);
  return isWhole && isKept;
}

function verdictOf(
  limit: number | null,
  outcome: StallOutcome,
  isWhole: boolean,
  isKept: boolean,
): string {
  if (!isWhole) return `FAIL: ${integritySentence(outcome)}`;
  if (!isKept) return `FAIL: beyond its bound of ${limit}`;
  if (limit === 0 && outcome.depth > bound) {
    return 'RISK: no bound, grows for as long as the stall lasts';
  }
  return outcome.refused === 0 ? 'pass' : `pass (${outcome.refused} refused)`;
}
