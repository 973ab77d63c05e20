// Every way to end has its sentence; a kill by the memory limit is told from any other kill.

import { test } from 'tap';
import { type Exit, exitSentence } from '../../../harness/subjects/exit-sentence.ts';

const exit = (own: Partial<Exit>): Exit => ({
  name: 'gateway',
  pid: 7,
  code: null,
  signal: null,
  stoppedByUs: false,
  oomKills: 0,
  lastOutput: '',
  ...own,
});

test('a SIGKILL with an out-of-memory kill in the cgroup is a death by memory', async (t) => {
  const sentence = exitSentence(exit({ signal: 'SIGKILL', oomKills: 1 }));
  t.equal(
    sentence,
    "gateway (PID 7) died out of memory: the kernel killed it at its cgroup's memory limit.",
  );
});

test('a SIGKILL without one is not', async (t) => {
  t.match(exitSentence(exit({ signal: 'SIGKILL' })), /not for memory/);
});

test('where the cgroup does not count, the cause stays open', async (t) => {
  t.match(exitSentence(exit({ signal: 'SIGKILL', oomKills: null })), /unknown/);
});

test('what leakbed stopped itself is not an end by memory', async (t) => {
  const own = exit({ signal: 'SIGTERM', stoppedByUs: true, oomKills: 1 });
  t.equal(exitSentence(own), 'gateway (PID 7) was stopped by leakbed.');
});
