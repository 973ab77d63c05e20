// Twelve kinds of work of which faults make two leak: does `leakbed run fault-arms` name the two,
// and how soon? The reference gateway is unmodified; test/fixtures/fault-leaks.ts plants the leaks.
//   node test/bench/fault-arms.ts [--runs 3] [--seed 1]
// How often the search errs is measured on simulated gateways by arm-search.test.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Verdict } from '../../harness/verdict.ts';
import { systemClock } from '../../injectors/determinism.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' } },
});
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const expected = ['bedrock/aborted', 'bedrock/throttled'];
const out = await mkdtemp(join(tmpdir(), 'leakbed-arms-'));
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
process.exitCode = rightCount === Number(values.runs) ? 0 : 1;
await rm(out, { recursive: true, force: true });

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
