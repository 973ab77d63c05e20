// What the benches decide by: medians against bars, and the bytes that end an answer.

import { test } from 'tap';
import { answerEnd } from './http1-load.ts';
import { http2End } from './http2-wire.ts';
import { isNear, judge } from './judge.ts';

const figure = { name: 'x', unit: '×', baseline: '' };

test('the median has to reach the bar, on its side of it', async (t) => {
  t.ok(judge({ ...figure, bar: { atLeast: 2 }, samples: [1, 2, 9] }).isMet);
  t.notOk(judge({ ...figure, bar: { atLeast: 2 }, samples: [1, 1.9, 9] }).isMet);
  t.ok(judge({ ...figure, bar: { atMost: 2 }, samples: [2] }).isMet);
  t.notOk(judge({ ...figure, bar: { atMost: 2 }, samples: [1, 3, 3] }).isMet);
});

test('no sample, and one that is no number, miss every bar', async (t) => {
  t.notOk(judge({ ...figure, bar: { atMost: 2 }, samples: [] }).isMet);
  t.notOk(judge({ ...figure, bar: { atMost: 2 }, samples: [1, Number.NaN, 1] }).isMet);
});

test('quartiles on both sides of the bar are near it', async (t) => {
  t.ok(isNear(judge({ ...figure, bar: { atLeast: 5 }, samples: [1, 6, 9] })));
  t.notOk(isNear(judge({ ...figure, bar: { atLeast: 5 }, samples: [6, 7, 9] })));
});

test('an answer of HTTP/1.1 ends with its length or its last chunk, however it is cut', async (t) => {
  const whole = [
    'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  ];
  for (const text of whole) {
    const isEnd = answerEnd();
    const cuts = [...text].map((letter) => isEnd(Buffer.from(letter)));
    t.equal(cuts.indexOf(true), text.length - 1);
    t.ok(isEnd(Buffer.from(text)), 'and the next one in one piece');
  }
  t.throws(() => answerEnd()(Buffer.from('HTTP/1.1 500 No\r\n\r\n')), /Answered HTTP\/1.1 500/);
});

test('an answer of HTTP/2 ends with its stream', async (t) => {
  const frame = (type: number, flags: number, payload: string) =>
    Buffer.concat([
      Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, 1]),
      Buffer.from(payload),
    ]);
  const bytes = Buffer.concat([frame(1, 4, 'head'), frame(0, 0, 'data'), frame(0, 1, 'last')]);
  const isEnd = http2End();
  const cuts = [...bytes].map((byte) => isEnd(Buffer.from([byte])));
  t.equal(cuts.indexOf(true), bytes.length - 1);
  t.throws(() => http2End()(frame(3, 0, 'code')), /reset/);
});
