// The diagnosis of a Python gateway names the line and the type that leak, and nobody where nothing
// does.

import { dirname } from 'node:path';
import { type Test, test } from 'tap';
import { python } from '../../../harness/probes/python.ts';
import { namePythonSuspects } from '../../../harness/runner/name-python-suspects.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { leakyPythonPath, startLeakyPython } from '../../fixtures/leaky-python.ts';
import { sendRequests } from '../../fixtures/leaky-subject.ts';

const requestCount = 200;

async function diagnose(t: Test, path: string) {
  const subject = await startLeakyPython(t, { cwd: dirname(leakyPythonPath) });
  // As in a run, the probe stays connected meanwhile.
  const probe = await python.attach(subject, systemClock.nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  await sendRequests(subject.url, path, requestCount);
  return await namePythonSuspects(subject, {
    requestCount,
    nowMs: systemClock.nowMs,
    work: (count) => sendRequests(subject.url, path, count),
  });
}

test('the line that keeps an object is named, with its function, bytes and type', async (t) => {
  const { suspects, grownTypes } = await diagnose(t, '/object');
  t.match(suspects[0], { name: 'keep_object', file: 'leaky_app.py', kind: 'function' });
  t.ok(Math.abs((suspects[0]?.bytesPerRequest ?? 0) - 100) < 60);
  t.match(grownTypes, /__main__\.Session 1(,|$)/);
});

test('bytes that the collector does not know are named all the same', async (t) => {
  const { suspects } = await diagnose(t, '/bytes?n=5000');
  t.match(suspects[0], { name: 'keep_bytes', file: 'leaky_app.py' });
  t.ok(Math.abs((suspects[0]?.bytesPerRequest ?? 0) - 5033) < 100);
});

test('where nothing is kept nobody is named', async (t) => {
  t.strictSame(await diagnose(t, '/garbage'), { suspects: [], grownTypes: '', cutShort: null });
});
