// How the agent gets into a Python gateway and out again: beside the gateway's own
// sitecustomize.py, not where Python is told to load nothing, and gone with the process.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'tap';
import { python } from '../../../harness/probes/python.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { leakyPythonPath, startLeakyPython } from '../../fixtures/leaky-python.ts';

const { nowMs } = systemClock;

test('a sitecustomize.py of the gateway still runs', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-site-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const mark = join(folder, 'mark');
  await mkdir(join(folder, 'site'));
  await writeFile(join(folder, 'site', 'sitecustomize.py'), `open(${JSON.stringify(mark)}, "w")`);
  const subject = await startLeakyPython(t, { env: { PYTHONPATH: join(folder, 'site') } });
  t.ok(existsSync(mark));
  t.ok(subject.capabilities.has('python-agent'));
});

test('Python that may not load the agent says what would help', async (t) => {
  const subject = await startLeakyPython(t, { command: ['python3', '-I', leakyPythonPath] });
  await t.rejects(python.attach(subject, nowMs), { message: /did not load the agent.*without -I/ });
});

test('the agent goes with the process, and a question then fails in words', async (t) => {
  const subject = await startLeakyPython(t);
  const probe = await python.attach(subject, nowMs);
  const folder = dirname(subject.pythonAgentPath ?? '');
  t.ok(existsSync(folder));
  await subject.stop();
  await t.rejects(probe.sample(), { message: /Cannot ask leaky app for sample: the process has/ });
  t.notOk(existsSync(folder));
});
