// The two-sided table of the scenarios: scenario × reference gateway × clean or guilty, each cell
// a run of the real command line. Clean passes; guilty fails by the check named in its row.
//
//   node test/e2e/scenario-table.ts [--scenario ID]… [--except ID]… [--gateway NAME]…
//                                   [--only clean|guilty] [--scale smoke|ci] [--seed N]

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { referenceNames } from '../../harness/cli/run-flags.ts';
import { scenarios } from '../../harness/scenarios/index.ts';
import { type JudgedRun, judgedRun } from '../fixtures/judged-run.ts';
import { type Guilty, type ScenarioRow, scenarioRows } from './scenario-rows.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    except: { type: 'string', multiple: true, default: [] },
    gateway: { type: 'string', multiple: true, default: [...referenceNames] },
    only: { type: 'string' },
    scale: { type: 'string', default: 'smoke' },
    seed: { type: 'string', default: '1' },
  },
});
const columns = ['clean', 'guilty'].filter((column) => column === (values.only ?? column));
const gateways = referenceNames.filter((name) => values.gateway.includes(name));
const rows = scenarioRows.filter(
  ({ scenario }) =>
    (values.scenario?.includes(scenario) ?? true) && !values.except.includes(scenario),
);
const cellCount = rows.length * gateways.length * columns.length;
if (cellCount === 0) {
  const known = scenarioRows.map(({ scenario }) => scenario).join(', ');
  process.stderr.write(`Cannot print a table of no cells. Scenarios: ${known}.\n`);
  process.exit(254);
}

const widths = [22, 17, 7, 13, 10, 26, 5, 6] as const;
const print = (cells: readonly string[]) =>
  process.stdout.write(`${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ')}\n`);

const out = await mkdtemp(join(tmpdir(), 'leakbed-scenarios-'));
print(['scenario', 'gateway', 'side', 'outcome', 'finding', 'failed by', 's', '']);
const seconds = { clean: 0, guilty: 0 };
let wrongCount = 0;
for (const row of rows) {
  for (const gateway of gateways) {
    if (columns.includes('clean')) await cell(row, gateway, undefined);
    if (columns.includes('guilty')) await cell(row, gateway, row.guilty[gateway]);
  }
}
await rm(out, { recursive: true, force: true });
const unlisted = scenarios.filter(({ id }) => !scenarioRows.some((row) => row.scenario === id));
const total = seconds.clean + seconds.guilty;
process.stdout.write(
  `\n${cellCount - wrongCount} of ${cellCount} right in ${minutes(total)}: clean ` +
    `${minutes(seconds.clean)}, guilty ${minutes(seconds.guilty)}.` +
    `${unlisted.length === 0 ? '' : ` Without a row: ${unlisted.map(({ id }) => id).join(', ')}.`}` +
    '\n',
);
process.exitCode = wrongCount === 0 ? 0 : 1;

async function cell(
  { scenario }: ScenarioRow,
  gateway: (typeof gateways)[number],
  guilty: Guilty | undefined,
): Promise<void> {
  const side = guilty === undefined ? 'clean' : 'guilty';
  const { scale, seed } = values;
  const words = ['--gateway', gateway, '--scale', scale, '--seed', seed, '--out', out];
  const run = await judgedRun([scenario, ...words, ...(guilty?.args ?? [])], guilty?.environment);
  seconds[side] += run.seconds;
  const { verdict } = run;
  const checks = verdict?.checks ?? [];
  const by = (outcome: string) => checks.filter((check) => check.outcome === outcome);
  const named = verdict?.outcome === 'inconclusive' ? by('inconclusive') : by('fail');
  const isRight = guilty === undefined ? run.exitCode === 0 : isFoundGuilty(run, guilty);
  print([
    scenario,
    gateway,
    side,
    verdict?.outcome ?? `exit ${run.exitCode}`,
    verdict?.finding ?? '',
    [...named.map(({ checker }) => checker), verdict?.resource ?? ''].join(' '),
    run.seconds.toFixed(0),
    isRight ? 'right' : 'WRONG',
  ]);
  if (isRight) return;
  wrongCount += 1;
  process.stdout.write(`  ${verdict?.reason ?? run.errorText}\n  ${verdict?.repeat ?? ''}\n`);
}

function isFoundGuilty({ exitCode, verdict }: JudgedRun, guilty: Guilty): boolean {
  const failed = verdict?.checks.some(
    ({ checker, outcome }) => checker === guilty.check && outcome === 'fail',
  );
  return (
    exitCode === 1 &&
    failed === true &&
    (guilty.finding === undefined || verdict?.finding === guilty.finding) &&
    (guilty.resource === undefined || verdict?.resource === guilty.resource)
  );
}

function minutes(of: number): string {
  return `${Math.floor(of / 60)} min ${Math.round(of % 60)} s`;
}
