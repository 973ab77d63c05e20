// Does `leakbed compare` see a regression, and none where there is none? One build is run again and
// again, and so is one that keeps 2 KiB of each request more; every run is compared with the one of
// the first build before it.
//   nice node test/bench/compare.ts [--pairs 20] [--kept 2048] [--seed 1] [--out FOLDER] [--told]
// Resumable: a run whose verdict lies in the folder is not run again. `--told` runs nothing more.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareVerdicts, defaultMargins } from '../../harness/checkers/compare-verdicts.ts';
import { silent } from '../../harness/progress.ts';
import { parseVerdict } from '../../harness/record-reader.ts';
import { writeRate } from '../../harness/reports/numbers.ts';
import { controlClient } from '../../harness/runner/control-client.ts';
import { runScenario } from '../../harness/runner/run-scenario.ts';
import type { Scenario } from '../../harness/scenario.ts';
import { streamingConnections } from '../../harness/scenarios/streaming-connections.ts';
import { providerEnvironment } from '../../harness/subjects/provider-environment.ts';
import type { Verdict } from '../../harness/verdict.ts';
import { startMocks } from '../../mocks/server.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '20' },
    kept: { type: 'string', default: '2048' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: '/tmp/leakbed-compare' },
    told: { type: 'boolean', default: false },
  },
});
const pairs = Number(values.pairs);
const plant = fileURLToPath(new URL('../fixtures/kept-per-request.ts', import.meta.url));
const margins = defaultMargins;
/** As `leakbed run --steady` has it, without what a comparison does not look at. */
const judgedWork: Scenario = {
  ...streamingConnections,
  steadyCompiler: true,
  isDiagnosed: false,
  phases: (scale) =>
    streamingConnections.phases(scale).filter(({ name }) => /^(warm-up|stress)$/.test(name)),
};

const tally = { same: 0, more: 0, done: 0 };
await mkdir(values.out, { recursive: true });

let base = await verdictOf('base', 0, 0);
for (let pair = 1; pair <= pairs && base !== null; pair++) {
  const same = await verdictOf('base', pair, 0);
  const more = await verdictOf('more', pair, Number(values.kept));
  if (same === null || more === null) break;
  tally.done += 1;
  tally.same += Number(tell(`${pair} same build`, base, same) !== 'fail');
  tally.more += Number(tell(`${pair} +${values.kept} B`, base, more) === 'fail');
  base = same;
}
process.stdout.write(
  `no regression in ${tally.same} of ${tally.done} pairs of one build; ` +
    `+${values.kept} B found in ${tally.more} of ${tally.done}\n`,
);
process.exitCode = tally.same === pairs && tally.more === pairs ? 0 : 1;

function tell(name: string, from: Verdict, to: Verdict) {
  const { outcome, resources } = compareVerdicts(from, to, margins);
  const heap = resources.find(({ metric }) => metric === 'heapBytes')?.difference ?? null;
  const figures = `difference of the heap ${writeRate(heap, 'bytes')}`;
  process.stdout.write(`${name}: ${outcome}; ${figures}, margin ${margins.bytes} B\n`);
  return outcome;
}

/** From the folder; else the run is made, unless it is only to be told. */
async function verdictOf(build: string, nth: number, keptBytes: number): Promise<Verdict | null> {
  const file = join(values.out, `${build}-${String(nth).padStart(2, '0')}.json`);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) return parseVerdict(text, file);
  if (values.told) return null;
  const verdict = await run(Number(values.seed) + nth, keptBytes);
  await writeFile(file, JSON.stringify(verdict));
  return verdict;
}

async function run(seed: number, keptBytes: number): Promise<Verdict> {
  await using mocks = await startMocks({ port: 0, seed });
  const { dir, verdict } = await runScenario({
    scenario: judgedWork,
    scale: 'smoke',
    seed,
    out: values.out,
    gateway: { kind: 'reference', leak: undefined },
    control: controlClient(mocks.url, undefined),
    environment: {
      ...providerEnvironment({ mocksUrl: mocks.url }),
      NODE_OPTIONS: `--import=${plant}`,
      LEAKBED_KEPT_BYTES: `${keptBytes}`,
    },
    token: undefined,
    apiKey: 'leakbed',
    command: `node test/bench/compare.ts --seed ${seed}`,
    versions: {},
    signal: new AbortController().signal,
    progress: silent,
  });
  await rm(dir, { recursive: true });
  return verdict;
}
