// Pause, kill and busy processors, on real processes.

import { test } from 'tap';
import { descendants, processState } from '../../../harness/subjects/process-info.ts';
import { sleep } from '../../../injectors/determinism.ts';
import { disturb, startVictim, untilState } from '../../fixtures/disturbed-process.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';

const isRunning = /[RS]/;

test('a paused process is stopped for its time, and again when it is due', async (t) => {
  const { pid } = await startVictim(t);
  const clock = createFakeClock();
  const { notes, heal } = await disturb('pause;for=1s;every=3s', { of: pid }, clock);
  await untilState(pid, /T/);
  clock.advance(1000);
  await untilState(pid, isRunning);
  clock.advance(2000);
  await untilState(pid, /T/);
  t.same(notes, ['stopped', 'goes on', 'stopped']);
  await heal();
  await untilState(pid, isRunning);
  t.equal(clock.pending, 0);
});

test('pauses that would leave no time to run are refused', async (t) => {
  await t.rejects(disturb('pause;for=2s;every=1s', { of: process.pid }), /it would never run/);
});

test('a process that cannot be stopped leaves no will behind', async (t) => {
  const before = descendants(process.pid);
  await t.rejects(disturb('pause', { of: Number.NaN }), /pid/);
  while (descendants(process.pid).length > before.length) await sleep(10);
  t.same(descendants(process.pid), before);
});

test('a killed process ends by the signal, and healing waits for who takes its place', async (t) => {
  const { child, pid } = await startVictim(t);
  const ended = new Promise((done) => child.once('exit', (_code, signal) => done(signal)));
  const waits: number[] = [];
  const untilServing = async (limitMs: number) => void waits.push(limitMs);
  const { notes, heal } = await disturb('kill;signal=SIGTERM;within=5s', { of: pid, untilServing });
  t.equal(await ended, 'SIGTERM');
  await heal();
  t.same(waits, [5000]);
  t.same(notes, [`SIGTERM to ${pid}`]);
});

test('a kill that is healed before it is due does nothing', async (t) => {
  const { pid } = await startVictim(t);
  const clock = createFakeClock();
  const { heal } = await disturb('kill;after=1s', { of: pid }, clock);
  await heal();
  clock.advance(2000);
  t.match(processState(pid)?.state, isRunning);
});

test('busy processes use processor time, and are gone when healed', async (t) => {
  const before = new Set(descendants(process.pid));
  const { heal } = await disturb('cpu-pressure;workers=2;load=5%', { of: process.pid });
  t.teardown(heal);
  const busy = descendants(process.pid).filter((child) => !before.has(child));
  t.equal(busy.length, 2);
  await heal();
  t.same(
    descendants(process.pid).filter((child) => busy.includes(child)),
    [],
  );
});
