// The runner decides, and the checker judges, by what the measured runtime may hold as garbage.

import { test } from 'tap';
import { smokeExperiment } from '../../../harness/checkers/experiment-options.ts';
import { leakChecker } from '../../../harness/checkers/leak.ts';
import { fitPhase } from '../../../harness/runner/fit-phase.ts';
import { runtimeOf } from '../../../harness/runner/run-header.ts';
import type { Phase } from '../../../harness/scenario.ts';
import type { Subject } from '../../../harness/subjects/subject.ts';
import { startLeakyPython } from '../../fixtures/leaky-python.ts';
import { buildLevels, leak, white } from '../../fixtures/levels.ts';
import { buildHeader, buildRecord } from '../../fixtures/record.ts';

const cycles: Phase = {
  kind: 'cycles',
  name: 'stress',
  title: 'work',
  arms: [],
  userCount: 1,
  requestsPerCycle: [1, 1],
  maxCycles: 1,
  maxSeconds: 1,
  experiment: smokeExperiment,
};
const leastBytes = (phase: Phase) =>
  'experiment' in phase ? phase.experiment?.garbage.leastBytes : undefined;

test('a phase on a Python process has that limit, on Node and out of reach its own', async (t) => {
  const python = await startLeakyPython(t);
  t.equal(runtimeOf(python), 'python');
  t.equal(leastBytes(fitPhase(cycles, python)), 1024 ** 2);
  const other = (pid: number | null) => ({ pid }) as Subject;
  t.equal(runtimeOf(other(process.pid)), 'node');
  t.same(fitPhase(cycles, other(process.pid)), cycles, 'as it was planned');
  t.equal(runtimeOf(other(null)), 'unknown');
  const drain: Phase = { kind: 'drain', name: 'heal', title: 'waits', maxSeconds: 1 };
  t.equal(fitPhase(drain, python), drain);
});

test('the same levels are a leak of a Python process and undecided of a Node process', (t) => {
  const anonBytes = { shape: leak(8192), noise: white(50_000) };
  const levels = buildLevels({ seed: 4, cycles: 22, channels: { anonBytes } });
  const findingOn = (runtime: string) => {
    const header = buildHeader({ gateway: { name: 'gateway', runtime } });
    return leakChecker().check(buildRecord({}, { header, levels })).finding;
  };
  t.equal(findingOn('python'), 'leak');
  t.equal(findingOn('node'), 'undecided');
  t.end();
});
