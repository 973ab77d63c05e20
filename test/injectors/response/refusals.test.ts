// Faults that put an error in place of the answer, and the end of the connection after one.

import { test } from 'tap';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import { play } from '../../fixtures/played-stream.ts';

const response = { kind: 'exception', place: 'response', message: '' };

test('a status goes out with the error that it usually has', async (t) => {
  for (const [code, name] of [
    [404, 'not-found'],
    [429, 'throttling'],
    [503, 'unavailable'],
    [529, 'internal'],
  ]) {
    const { frames, ending } = play([`status;code=${code}`]);
    t.same([frames, ending], [[], { ...response, name, hints: { status: code } }]);
  }
});

test('a status can have another error, and says when to try again', async (t) => {
  const { ending, notes } = play(['status;code=400;name=quota;retry-after=2s']);
  t.same(ending, { ...response, name: 'quota', hints: { status: 400, retryAfterMs: 2000 } });
  t.same(notes, ['status: 400, retry after 2000 ms']);
});

test('expired credentials are refused', async (t) => {
  t.same(play(['expired-token']).ending, { ...response, name: 'expired-token' });
});

test('a storm refuses the first requests of every window', async (t) => {
  const { planned } = bindFaults([parseFaultWords('token-storm;count=2;every=10s')]);
  const admission = planned[0]?.bound.admission;
  t.equal(admission?.windowMs, 10_000);
  const acts = [0, 1, 2, 9].map((indexInWindow) =>
    admission?.acts({ index: 100 + indexInWindow, indexInWindow, elapsedMs: 20_000 }),
  );
  t.same(acts, [true, true, false, false]);
});

test('a connection ends after a whole answer as its transport says it', async (t) => {
  const plain = play([]).text;
  const endings = (['http1', 'http2', 'grpc', 'websocket'] as const).map((transport) => {
    const { text, ending } = play(['connection-close'], { transport });
    t.equal(text, plain);
    return ending;
  });
  const goaway = { kind: 'goaway', code: 0, last: 'this', next: 'complete' };
  const close = { kind: 'close', code: 1001, reason: 'going away' };
  t.same(endings, [{ kind: 'complete' }, goaway, goaway, close]);
});
