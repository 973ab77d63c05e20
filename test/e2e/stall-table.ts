// The table of the billing stall: gateway × bound × mode, with a real Postgres behind the worker.
// An unbounded queue is the risk that is measured and named; with a bound the same run passes.
//
//   node test/e2e/stall-table.ts [--gateway NAME]… [--mode NAME]… [--events N] [--rounds N]
//                                [--bound N] [--seed N]

import { parseArgs } from 'node:util';
import { referenceNames } from '../../harness/cli/run-flags.ts';
import { integritySentence } from '../../harness/checkers/reconcile.ts';
import { openProfile } from '../../harness/profiles/open-profile.ts';
import { readStallState, type StallPlace } from '../../injectors/ambient/billing-stall.ts';
import { startMocks } from '../../mocks/server.ts';
import { noPostgres, startPostgres } from '../fixtures/postgres.ts';
import { runStalled, type StallOutcome } from '../fixtures/stalled-gateway.ts';

const { values } = parseArgs({
  options: {
    gateway: {
      type: 'string',
      multiple: true,
      default: [...referenceNames, 'litellm', 'portkey', 'bifrost'],
    },
    mode: { type: 'string', multiple: true },
    events: { type: 'string', default: '800' },
    rounds: { type: 'string', default: '4' },
    bound: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
  },
});

const all: readonly (readonly [mode: string, place: StallPlace, delayMs: number, nth: number])[] = [
  ['stuck', 'hook', 0, 1],
  ['stuck', 'wire', 0, 1],
  ['slow', 'hook', 20, 1],
  ['error', 'hook', 0, 1],
  ['error', 'wire', 0, 1],
  ['flap', 'hook', 500, 1],
  ['poison', 'hook', 0, 50],
  ['duplicate-ack', 'hook', 0, 10],
];
const modes = all.filter(([mode]) => values.mode?.includes(mode) ?? true);

/** Gateways without a billing queue of their own here; their profiles' READMEs say why. */
const without: Readonly<Record<string, string>> = {
  litellm: 'its spend log needs Prisma, whose engines are not on PyPI',
  portkey: 'bills nothing itself',
  bifrost: 'its program cannot be fetched here',
};

const widths = [17, 7, 14, 6, 24, 9, 8, 10, 5, 5, 6] as const;
const print = (text: string) => void process.stdout.write(`${text}\n`);
const line = (cells: readonly string[]) =>
  print(cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' '));

if (noPostgres !== false) {
  print(`skipped: ${noPostgres}`);
  process.exit(77);
}
await using postgres = await startPostgres();
await using mocks = await startMocks({ port: 0, seed: Number(values.seed) });
print(`seed ${values.seed}; ${values.rounds} rounds of ${values.events} requests each`);
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
  if (own === undefined) {
    print(`${openProfile(gateway).name}: no billing queue to stall: ${without[gateway]}`);
    continue;
  }
  for (const queueLimit of [Number(values.bound), 0]) {
    for (const [mode, place, delayMs, nth] of modes) {
      const state = readStallState(mode, delayMs, nth, place);
      const [eventsPerRound, rounds] = [Number(values.events), Number(values.rounds)];
      const stalled = { gateway: own, queueLimit, place, state, eventsPerRound, rounds };
      const outcome = await runStalled(stalled, mocks, postgres);
      isRight = tell(`${mode} ${place}`, gateway, queueLimit, outcome) && isRight;
    }
  }
}
process.exitCode = isRight ? 0 : 1;

/** True when the ledger is complete and a bound, where there is one, was kept. */
function tell(stall: string, gateway: string, bound: number, outcome: StallOutcome): boolean {
  const { depth, bytesPerEvent, lost, duplicated, wrong } = outcome;
  const isWhole = lost.length + duplicated.length + wrong.length === 0;
  const isKept = bound === 0 || depth <= bound;
  const [middle, low, high] = bytesPerEvent?.map((bytes) => Math.round(bytes)) ?? [];
  const verdict = !isWhole
    ? `FAIL: ${integritySentence(outcome)}`
    : !isKept
      ? `FAIL: beyond its bound of ${bound}`
      : bound > 0
        ? 'pass'
        : depth > Number(values.bound)
          ? 'RISK: no bound, grows for as long as the stall lasts'
          : 'pass (the stall held too few events to need a bound)';
  line([
    gateway,
    bound === 0 ? 'none' : String(bound),
    stall,
    String(depth),
    middle === undefined ? '-' : `${middle} [${low}, ${high}]`,
    `${(outcome.peakRssBytes / 1024 ** 2).toFixed(0)} MiB`,
    `${outcome.drainSeconds.toFixed(2)} s`,
    `${(outcome.residualBytes / 1024).toFixed(0)} KiB`,
    String(lost.length),
    String(duplicated.length),
    String(wrong.length),
    verdict,
  ]);
  return isWhole && isKept;
}
