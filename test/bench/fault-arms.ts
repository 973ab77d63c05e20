// Twelve kinds of work of which faults make two leak: does `leakbed run fault-arms` name the two,
// and how soon? The reference gateway is unmodified; test/fixtures/fault-leaks.ts plants the leaks.
//   node test/bench/fault-arms.ts [--runs 3] [--seed 1] [--simulated 0]
// How often the search errs is measured on simulated gateways first, with the noise of a real one:
// --simulated 1000 --runs 0 does only that. Exit code 1 below 49 of 50.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { faultArms } from '../../harness/scenarios/fault-arms.ts';
import type { Verdict } from '../../harness/verdict.ts';
import { seededRng, systemClock } from '../../injectors/determinism.ts';
import { runArmSearch } from '../fixtures/arm-gateway.ts';
import { spiky } from '../fixtures/levels.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    simulated: { type: 'string', default: '0' },
  },
});
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const expected = ['bedrock/aborted', 'bedrock/throttled'];
const out = await mkdtemp(join(tmpdir(), 'leakbed-arms-'));
const simulated = simulate(Number(values.simulated));
let rightCount = 0;
for (let nth = 0; nth < Number(values.runs); nth++) {
  const seed = Number(values.seed) + nth;
  const startedMs = systemClock.nowMs();
  const verdict = await run(seed);
  const seconds = (systemClock.nowMs() - startedMs) / 1000;
  const named = verdict.evidence
    .map(({ label }) => label.split(' ')[0] ?? '')
    .filter((word) => word.includes('/'))
    .toSorted();
  const isRight = named.join() === expected.join();
  rightCount += Number(isRight);
  const word = isRight ? 'right' : 'WRONG';
  process.stdout.write(`seed ${seed}: ${named.join(', ')} in ${seconds.toFixed(0)} s, ${word}\n`);
  process.stdout.write(`  ${verdict.reason}\n`);
}
process.stdout.write(`${rightCount} of ${values.runs} right\n`);
const isRightOften = rightCount >= 0.98 * Number(values.runs) && simulated >= 0.98;
process.exitCode = isRightOften ? 0 : 1;
await rm(out, { recursive: true, force: true });

/** The share of right answers, on gateways of which any two arms leak. */
function simulate(count: number): number {
  const phase = faultArms.phases('smoke').find(({ kind }) => kind === 'arms');
  if (phase?.kind !== 'arms') throw new Error('The scenario has no phase of arms.');
  const arms = phase.arms.map(({ name }) => name);
  const rng = seededRng(Number(values.seed));
  let right = 0;
  let requests = 0;
  for (let nth = 0; nth < count; nth++) {
    const first = rng.pick(arms);
    const second = rng.pick(arms.filter((name) => name !== first));
    const guilty = [first, second];
    const kept = Object.fromEntries(guilty.map((name) => [name, 4096]));
    const { requestsPerArm } = phase;
    const gateway = { seed: rng.integer(1, 1e9), arms, kept, noise: spiky(8_000), requestsPerArm };
    const found = runArmSearch(gateway, phase.search);
    const named = found.search.guilty.map(({ name }) => name).toSorted();
    right += Number(named.join() === guilty.toSorted().join());
    requests += found.requests;
  }
  if (count === 0) return 1;
  const each = (requests / count).toFixed(0);
  process.stdout.write(`simulated: ${right} of ${count} right, ${each} requests each\n`);
  return right / count;
}

async function run(seed: number): Promise<Verdict> {
  const command = path('../../harness/cli/leakbed.mjs');
  const args = [command, 'run', 'fault-arms', '--json', '--seed', `${seed}`, '--out', out];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: `--import=${path('../fixtures/fault-leaks.ts')}` },
  });
  const closed = once(child, 'close');
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  await closed;
  const [verdict] = (JSON.parse(text) as { verdicts: Verdict[] }).verdicts;
  if (verdict === undefined) throw new Error(`Cannot judge seed ${seed}: the run gave no verdict.`);
  return verdict;
}
