// Faults of gRPC's messages and statuses: framed messages in, frames and ending out.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { injectors } from '../../../injectors/index.ts';
import type { Exclusions } from '../../../injectors/injector.ts';
import { disturb } from '../../../injectors/pipeline.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import { complete, type FrameStream } from '../../../injectors/stream.ts';
import { grpcFrame } from '../../../mocks/codec/grpc.ts';
import { play } from '../../fixtures/played-stream.ts';

/** Four messages of three bytes each behind their prefix. */
function* messages(): FrameStream {
  for (const text of ['aaa', 'bbb', 'ccc', 'ddd']) {
    yield { ...grpcFrame('delta', Buffer.from(`12345${text}`)), dueMs: 0 };
  }
  return complete;
}

function played(words: string) {
  const { planned, problems } = bindFaults([parseFaultWords(words)]);
  if (problems.length > 0) throw new Error(problems.join(' '));
  const notes: string[] = [];
  const note = (_fault: string, what: string) => void notes.push(what);
  const facts = {
    totalEvents: 4,
    transport: 'grpc',
    framing: 'grpc',
    rng: seededRng(1),
    note,
  } as const;
  const frames = disturb([], () => messages(), planned, facts);
  const sent: Buffer[] = [];
  let step = frames.next();
  for (; !step.done; step = frames.next()) sent.push(Buffer.from(step.value.bytes));
  return { sent, ending: step.value, notes };
}

const plain = played('noop').sent;

test('a status is the whole answer, or comes after messages', async (t) => {
  const alone = played('grpc-status;code=8');
  t.same(alone.sent, []);
  t.match(alone.ending, { kind: 'exception', place: 'response', name: 'RESOURCE_EXHAUSTED' });
  const later = played('grpc-status;at=2;code=RESOURCE_EXHAUSTED');
  t.same(later.sent, plain.slice(0, 2));
  t.match(later.ending, { kind: 'exception', place: 'stream', name: 'RESOURCE_EXHAUSTED' });
});

test('a status has the details that were asked for', async (t) => {
  const hints = (words: string) => {
    const { ending } = played(`grpc-status;${words}`);
    return ending.kind === 'exception' ? ending.hints : undefined;
  };
  t.same(hints('details=usual'), {});
  t.same(hints('details=none'), { details: [] });
  t.same(hints('details=retry-info'), { details: ['RetryInfo'] });
  t.same(hints('details=all'), { details: ['ErrorInfo', 'RetryInfo', 'QuotaFailure'] });
});

test('a status that is none goes out as it is', async (t) => {
  for (const code of ['abc', '99']) {
    t.match(played(`grpc-status;code=${code}`).ending, { hints: { grpcStatus: code } });
  }
  const { ending } = played('grpc-status;code=14');
  t.equal(ending.kind === 'exception' && ending.hints?.grpcStatus, undefined);
});

test('without trailers every message comes, or as many as asked for', async (t) => {
  const end = { kind: 'complete', isWithoutStatus: true };
  t.match(played('no-trailers'), { sent: plain, ending: end });
  t.match(played('no-trailers;at=1'), { sent: plain.slice(0, 1), ending: end });
});

test('one prefix declares another length, and nothing else changes', async (t) => {
  const { sent, notes } = played('bad-length-prefix;at=2;length=+7');
  t.same([sent[0], sent[2], sent[3]], [plain[0], plain[2], plain[3]]);
  t.same(sent[1]?.readUInt32BE(1), 10);
  t.same(notes, ['message 2 declares 10 bytes']);
  t.equal(played('bad-length-prefix;at=2').sent[1]?.readUInt32BE(1), 0xffff_ffff);
});

test('one message has another flag, and nothing else changes', async (t) => {
  const { sent } = played('compressed-flag;at=3;flag=7');
  t.equal(sent[2]?.[0], 7);
  t.same(sent[2]?.subarray(1), plain[2]?.subarray(1));
  t.same([sent[0], sent[1], sent[3]], [plain[0], plain[1], plain[3]]);
});

test('half a message, and half a prefix, end as if all had been said', async (t) => {
  for (const [part, length] of [
    ['message', 4],
    ['prefix', 2],
  ] as const) {
    const { sent, ending } = played(`half-message;at=2;part=${part}`);
    t.same(sent, [...plain.slice(0, 2), plain[2]?.subarray(0, length)]);
    t.same(ending, complete);
  }
});

test('half a message beyond the last changes nothing and notes nothing', async (t) => {
  t.same(played('half-message;at=4'), { sent: plain, ending: complete, notes: [] });
});

test('frames of the connection are an ending that another follows', async (t) => {
  const ending = (words: string) => played(words).ending;
  t.same(ending('zero-window'), {
    kind: 'settings',
    settings: { initialWindowSize: 0 },
    next: 'complete',
  });
  t.same(ending('zero-window;at=headers;end=hang'), {
    kind: 'settings',
    settings: { initialWindowSize: 0 },
    next: 'hang',
    isHeadless: true,
  });
  for (const frames of ['settings', 'ping', 'empty-data']) {
    const flood = { kind: 'flood', of: frames, count: 7, next: 'complete' };
    t.same(ending(`${frames}-flood;count=7`), flood);
  }
  t.same(ending('zero-streams'), {
    kind: 'settings',
    settings: { maxConcurrentStreams: 0 },
    next: 'complete',
  });
  t.same(ending('small-header-list'), {
    kind: 'settings',
    settings: { maxHeaderListSize: 100 },
    next: 'complete',
  });
  for (const [name, frame] of [
    ['half-frame', 'half'],
    ['bad-hpack', 'hpack'],
    ['window-overflow', 'window'],
    ['http1-text', 'http1-text'],
  ]) {
    t.same(ending(`${name};end=cut`), { kind: 'broken-frame', frame, next: 'cut' });
  }
});

const transports = ['http1', 'http2', 'grpc', 'websocket'] as const;

for (const { name, notOn } of injectors.filter(({ notOn }) => Object.keys(notOn).length > 0)) {
  test(`${name} leaves alone what it cannot be on, and says why`, async (t) => {
    for (const transport of transports) {
      const reason = (notOn as Exclusions)[transport];
      if (reason === undefined) continue;
      const { frames, ending, notes } = play([name], { transport });
      const undisturbed = play([], { transport });
      t.same({ frames, ending }, { frames: undisturbed.frames, ending: undisturbed.ending });
      t.same(notes, [`${name}: does not apply because ${reason}`]);
    }
  });
}
