// Who keeps the memory, asked of real processes that go on with their work meanwhile.

import { test } from 'tap';
import { type ChildSubject, startChildProcess } from '../../../harness/subjects/child-process.ts';
import { lookInside } from '../../../harness/watch/look-inside.ts';
import { openProcessTarget } from '../../../harness/watch/process-target.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { leakyPythonPath } from '../../fixtures/leaky-python.ts';
import { sendRequests } from '../../fixtures/leaky-subject.ts';
import { galleryApp } from '../../gallery/planted.ts';

const { nowMs } = systemClock;

/** As the watcher does it: found by its PID, profiled while somebody else loads it. */
async function lookAt({ pid, url }: ChildSubject, path: string) {
  const find = async () => pid ?? 0;
  await using target = await openProcessTarget({ name: 'one', find });
  await using subject = await target.open();
  let work = 0;
  let isOver = false;
  const load = (async () => {
    for (; !isOver; work += 10) await sendRequests(url, path, 10);
  })();
  const signal = new AbortController().signal;
  const options = { forMs: 1500, work: () => work, nowMs, signal };
  try {
    return await lookInside(subject, options);
  } finally {
    isOver = true;
    await load;
  }
}

test('of a Node process the function that keeps what it makes is named', async (t) => {
  const command = [process.execPath, galleryApp, 'map.mjs'] as const;
  const subject = await startChildProcess({ name: 'app', command: [...command], inspect: false });
  t.teardown(() => subject.stop());
  const [first] = await lookAt(subject, '/');
  t.equal(first?.name, 'remember');
  t.match(first?.file, /map\.mjs$/);
  t.ok((first?.bytesPerRequest ?? 0) > 1000, `${first?.bytesPerRequest} B`);
});

test('of a Python process that carries the agent the line is named', async (t) => {
  const subject = await startChildProcess({ name: 'app', command: ['python3', leakyPythonPath] });
  t.teardown(() => subject.stop());
  const [first] = await lookAt(subject, '/bytes?n=4096');
  t.equal(first?.name, 'keep_bytes');
  const bytes = first?.bytesPerRequest ?? 0;
  t.ok(bytes > 2000 && bytes < 8000, `${bytes} B`);
});
