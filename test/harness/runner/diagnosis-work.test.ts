// Work in pieces under a time limit, on a clock that only the work moves.

import { test } from 'tap';
import { workUntil } from '../../../harness/runner/diagnosis-work.ts';

function gateway(msPerRequest: number) {
  let now = 0;
  const pieces: number[] = [];
  return {
    pieces,
    nowMs: () => now,
    async work(count: number) {
      pieces.push(count);
      now += count * msPerRequest;
    },
  };
}

test('all is done where there is time', async (t) => {
  const { pieces, ...slow } = gateway(1);
  t.equal(await workUntil({ ...slow, requestCount: 150 }, 1000), 150);
  t.equal(
    pieces.reduce((sum, count) => sum + count),
    150,
  );
});

test('a slow gateway ends it early, and what was done is told', async (t) => {
  const { pieces, ...slow } = gateway(10);
  const done = await workUntil({ ...slow, requestCount: 150 }, 500);
  t.ok(done >= 50 && done < 150, `${done} of 150`);
  t.equal(
    pieces.reduce((sum, count) => sum + count),
    done,
  );
});

test('without any time a first piece is done all the same', async (t) => {
  const { pieces, ...slow } = gateway(10);
  t.ok((await workUntil({ ...slow, requestCount: 150 }, -1)) > 0);
  t.equal(pieces.length, 1);
});
