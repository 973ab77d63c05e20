// Malformed requests, in short; fuzz.slow.ts sends a hundred thousand.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { startMocksProcess } from '../../fixtures/mocks-process.ts';
import { checkAfterwards, smallHeap } from './fuzz-afterwards.ts';
import { fuzzKinds } from './fuzz-requests.ts';
import { emptyTally, fuzz } from './fuzz-run.ts';

test('2,000 malformed requests of every kind are refused or closed, and leave nothing', async (t) => {
  const mocks = await startMocksProcess(smallHeap);
  t.teardown(() => mocks.stop());
  const tally = emptyTally();
  const rng = seededRng(3);
  await fuzz(mocks, 1000, rng.fork('warm-up'), tally);
  const before = { rssBytes: mocks.rssBytes(), fdCount: mocks.fdCount() };
  await fuzz(mocks, 1000, rng.fork('measured'), tally);
  t.same([...tally.complaints, ...(await checkAfterwards(mocks, before))], []);
  t.same([...tally.endings.keys()].sort(), [...fuzzKinds].sort());
});
