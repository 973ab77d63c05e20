// How long a user waits, as medians of ten starts with a warm compile cache: the fakes until they
// answer, and the command line's help. The limits are several times what an idle machine needs.

import { test } from 'tap';
import { systemClock } from '../../injectors/determinism.ts';
import { runCommandLine } from '../fixtures/command-line.ts';
import { startMocksProcess } from '../fixtures/mocks-process.ts';

const starts = 10;
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

test('the fakes answer within 600 ms and rest below 120 MB', async (t) => {
  const readyMs: number[] = [];
  const rssMb: number[] = [];
  const first = await startMocksProcess();
  await first.stop();
  for (let count = 0; count < starts; count++) {
    const mocks = await startMocksProcess();
    readyMs.push(mocks.startMs);
    rssMb.push(mocks.rssBytes() / 1e6);
    await mocks.stop();
  }
  t.comment(`ready ${median(readyMs).toFixed(0)} ms, ${median(rssMb).toFixed(0)} MB`);
  t.ok(median(readyMs) < 600, `${readyMs.map(Math.round)} ms`);
  t.ok(median(rssMb) < 120, `${rssMb.map(Math.round)} MB`);
});

test('help is there within 150 ms', async (t) => {
  const tookMs: number[] = [];
  for (let count = 0; count < starts; count++) {
    const startedMs = systemClock.nowMs();
    const { stdout } = await runCommandLine(t, ['--help']);
    tookMs.push(systemClock.nowMs() - startedMs);
    if (count === 0) t.match(stdout, /^Usage: leakbed/);
  }
  t.comment(`help ${median(tookMs).toFixed(0)} ms`);
  t.ok(median(tookMs) < 150, `${tookMs.map(Math.round)} ms`);
});
