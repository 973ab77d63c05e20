// Faults inside one event of the event stream: which bytes change, and whether its checksums hold.

import { crc32 } from 'node:zlib';
import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import { complete, type FrameStream } from '../../../injectors/stream.ts';
import { eventFrame } from '../../../mocks/bedrock/event-frames.ts';

const original = eventFrame('contentBlockDelta', 'delta', '{"delta":{"text":"hello"}}');

function* source(): FrameStream {
  yield { ...original, dueMs: 0 };
  return complete;
}

function damaged(words: string): { bytes: Buffer; notes: readonly string[] } {
  const { planned, problems } = bindFaults([parseFaultWords(words)]);
  if (problems.length > 0) throw new Error(problems.join(' '));
  const notes: string[] = [];
  const note = (what: string) => void notes.push(what);
  const context = {
    rng: seededRng(1),
    totalEvents: 1,
    transport: 'http1',
    framing: 'event-stream',
    note,
  } as const;
  const frames = planned[0]?.bound.wire?.(source(), context);
  return { bytes: Buffer.concat([...(frames ?? [])].map(({ bytes }) => bytes)), notes };
}

const isPreludeSound = (bytes: Buffer) => crc32(bytes.subarray(0, 8)) === bytes.readUInt32BE(8);
const isMessageSound = (bytes: Buffer) =>
  crc32(bytes.subarray(0, -4)) === bytes.readUInt32BE(bytes.length - 4);

function changed(bytes: Buffer): number[] {
  return [...bytes].flatMap((byte, index) => (byte === original.bytes[index] ? [] : [index]));
}

test('each region is hit at its first byte, and the checksum tells', async (t) => {
  for (const region of ['prelude', 'length', 'prelude-crc', 'headers', 'payload', 'message-crc']) {
    const { bytes, notes } = damaged(`corrupt;at=1;region=${region};mask=1`);
    t.same(changed(bytes), [original.regions?.[region]?.[0]], region);
    t.notOk(isPreludeSound(bytes) && isMessageSound(bytes), region);
    t.same(notes, [`bits flipped in the ${region} of event 1`]);
  }
});

test('a negative offset counts from the end, and neither leaves the region', async (t) => {
  const [start = 0, end = 0] = original.regions?.headers ?? [];
  t.same(changed(damaged('corrupt;at=1;region=headers;offset=-1').bytes), [end - 1]);
  t.same(changed(damaged('corrupt;at=1;region=headers;offset=9999').bytes), [end - 1]);
  t.same(changed(damaged('corrupt;at=1;region=headers;offset=-9999').bytes), [start]);
});

test('mended checksums hide the damage from all but the payload’s reader', async (t) => {
  for (const words of ['corrupt;at=1;region=payload;checks=mended', 'malformed-json;at=1']) {
    const { bytes } = damaged(words);
    t.ok(isPreludeSound(bytes) && isMessageSound(bytes), words);
    const [start = 0, end = 0] = original.regions?.payload ?? [];
    t.throws(() => JSON.parse(bytes.subarray(start, end).toString()), words);
    t.equal(bytes.length, original.bytes.length);
  }
});

test('a lie changes the declared length and nothing else', async (t) => {
  const real = original.bytes.length;
  const claims = { '0': 0, '15': 15, '+7': real + 7, '-5': real - 5, max: 0xffffffff } as const;
  for (const [length, declared] of Object.entries(claims)) {
    const { bytes } = damaged(`lie;at=1;length=${length}`);
    t.equal(bytes.readUInt32BE(0), declared);
    t.same(bytes.subarray(4), Buffer.from(original.bytes).subarray(4));
  }
  t.ok(isPreludeSound(damaged('lie;at=1;length=+7;checks=mended').bytes));
  t.equal(damaged('lie;at=1;length=-4000000000').bytes.readUInt32BE(0), 0);
});

test('a length that is none is refused', async (t) => {
  t.throws(() => damaged('lie;at=1;length=long'), /a length \(0, 15\), a difference/);
});
