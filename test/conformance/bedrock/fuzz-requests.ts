// Seeded malformed requests, as bytes on the wire: one kind per function. `isWhole` is true where
// the framing is sound, so that the server must answer; else it may also close.

import type { Rng } from '../../../injectors/determinism.ts';
import { encodeHeaders, encodeMessage } from '../../../mocks/codec/eventstream.ts';
import { goawayFrame, oversizedFrame } from '../../../mocks/codec/http2-frames.ts';
import { claude } from '../../fixtures/bedrock-answer.ts';

export interface MalformedRequest {
  readonly kind: FuzzKind;
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  /** Sent a few bytes at a time. */
  readonly isSlow: boolean;
}

type Made = { readonly bytes: Buffer; readonly isWhole: boolean; readonly isSlow?: boolean };

const encoded = encodeURIComponent(claude);
const models = [encoded, 'amazon.nova-lite-v1%3A0', 'meta.llama3-8b-instruct-v1%3A0', 'nonsense'];
const operations = [
  'converse',
  'converse-stream',
  'invoke',
  'invoke-with-response-stream',
  'count-tokens',
];
const otherPaths = [
  '/guardrail/abcdefghij/version/1/apply',
  '/async-invoke',
  '/foundation-models',
  '/inference-profiles/us.x',
  '/',
  '/%',
  '/model/%ZZ/converse',
];

const body = {
  messages: [{ role: 'user', content: [{ text: 'Hi [[leakbed chunks=2]]' }] }],
  system: [{ text: 'Be short.' }],
  inferenceConfig: { maxTokens: 5, temperature: 0.5, stopSequences: ['x'] },
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 5,
};

const bytesOf = (rng: Rng, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => rng.integer(0, 255)));

function post(path: string, payload: Buffer | string, extra: readonly string[] = []): Buffer {
  const content = Buffer.from(payload);
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'connection: close',
    'content-type: application/json',
    `content-length: ${content.length}`,
    ...extra,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content]);
}

function pathOf(rng: Rng): string {
  if (rng.next() < 0.15) return rng.pick(otherPaths);
  return `/model/${rng.pick(models)}/${rng.pick(operations)}`;
}

function brokenJson(rng: Rng): Made {
  const bytes = Buffer.from(JSON.stringify(body));
  const damaged = damage(rng, bytes);
  const cut = damaged.subarray(0, rng.integer(0, damaged.length));
  return { bytes: post(pathOf(rng), rng.next() < 0.5 ? damaged : cut), isWhole: true };
}

function damage(rng: Rng, bytes: Buffer): Buffer {
  const damaged = Buffer.from(bytes);
  for (let count = rng.integer(1, 4); count > 0; count--) {
    damaged[rng.integer(0, damaged.length - 1)] = rng.integer(0, 255);
  }
  return damaged;
}

const oddValues: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  'x',
  [],
  {},
  [[[]]],
  [null],
  { toString: 1 },
  { __proto__x: {} },
  '\ud800',
];

/** One value somewhere in the body becomes another; now and then it is nested very deeply. */
function wrongTypes(rng: Rng): Made {
  if (rng.next() < 0.05) {
    const depth = rng.integer(100, 20_000);
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    return { bytes: post(pathOf(rng), `{"messages":${deep}}`), isWhole: true };
  }
  const changed = JSON.stringify(replaced(rng, body));
  return { bytes: post(pathOf(rng), changed), isWhole: true };
}

function replaced(rng: Rng, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || rng.next() < 0.25) return rng.pick(oddValues);
  const chosen = rng.pick(Object.keys(value).length === 0 ? ['none'] : Object.keys(value));
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === chosen ? replaced(rng, inner) : inner,
  ]);
  if (Array.isArray(value)) return entries.map(([, inner]) => inner);
  return Object.fromEntries(entries);
}

function oversized(rng: Rng): Made {
  const whole = JSON.stringify(body);
  switch (rng.integer(0, 3)) {
    case 0:
      return {
        bytes: post(`/model/${'m'.repeat(rng.integer(2049, 9000))}/converse`, whole),
        isWhole: true,
      };
    case 1:
      // Far beyond what a head may hold: refused before there is a request.
      return { bytes: post(pathOf(rng), whole, [`x-big: ${'b'.repeat(20_000)}`]), isWhole: false };
    case 2: {
      const declared = rng.pick([30_000_001, 2 ** 32, 2 ** 53]);
      const head = `POST ${pathOf(rng)} HTTP/1.1\r\nhost: x\r\ncontent-length: ${declared}\r\n\r\n{`;
      return { bytes: Buffer.from(head), isWhole: false };
    }
    default: {
      const text = 't'.repeat(rng.integer(100_000, 400_000));
      return { bytes: post(pathOf(rng), JSON.stringify({ messages: text })), isWhole: true };
    }
  }
}

const chunkHeaders = encodeHeaders({
  ':event-type': 'chunk',
  ':message-type': 'event',
  ':content-type': 'application/json',
});

/** Frames of a bidirectional stream, some of them damaged, cut or with bytes between them. */
function badFrames(rng: Rng): Made {
  const events = ['sessionStart', 'promptStart', 'contentStart', 'textInput', 'promptEnd', 'odd'];
  const frames = Array.from({ length: rng.integer(1, 5) }, () => {
    const names = { promptName: 'p', contentName: rng.pick(['c', 'd', '']) };
    const event = { [rng.pick(events)]: rng.next() < 0.3 ? rng.pick(oddValues) : names };
    const part = Buffer.from(JSON.stringify({ event })).toString('base64');
    const { bytes } = encodeMessage(chunkHeaders, JSON.stringify({ bytes: part }));
    return rng.next() < 0.5 ? damage(rng, bytes) : bytes;
  });
  if (rng.next() < 0.3) frames.push(bytesOf(rng, rng.integer(1, 40)));
  const all = Buffer.concat(frames);
  const content = rng.next() < 0.3 ? all.subarray(0, rng.integer(1, all.length)) : all;
  const path = '/model/amazon.nova-sonic-v1%3A0/invoke-with-bidirectional-stream';
  const bytes = post(path, content);
  const typed = bytes
    .toString('latin1')
    .replace('application/json', 'application/vnd.amazon.eventstream');
  return { bytes: Buffer.from(typed, 'latin1'), isWhole: true };
}

function garbage(rng: Rng): Made {
  return { bytes: bytesOf(rng, rng.integer(1, 300)), isWhole: false, isSlow: rng.next() < 0.1 };
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/** HTTP/2 from its preface on: frames of any type, stream and length, or a broken preface. */
function badHttp2(rng: Rng): Made {
  const frames = Array.from({ length: rng.integer(1, 8) }, (): Buffer => {
    const payload = bytesOf(rng, rng.integer(0, 60));
    const header = Buffer.alloc(9);
    header.writeUIntBE(rng.next() < 0.2 ? rng.integer(0, 2 ** 24 - 1) : payload.length, 0, 3);
    header[3] = rng.integer(0, 12);
    header[4] = rng.integer(0, 255);
    header.writeUInt32BE(rng.pick([0, 1, 3, 2, rng.integer(0, 2 ** 31 - 1)]), 5);
    return Buffer.concat([header, payload]);
  });
  if (rng.next() < 0.1) frames.push(goawayFrame(rng.integer(0, 20), rng.integer(0, 9)));
  if (rng.next() < 0.1) frames.push(oversizedFrame(1));
  const start = rng.next() < 0.1 ? damage(rng, preface) : preface;
  return { bytes: Buffer.concat([start, settings, ...frames]), isWhole: false };
}

/** A head that is never finished, a few bytes at a time. */
function slowHead(rng: Rng): Made {
  const bytes = post(pathOf(rng), JSON.stringify(body));
  const cut = rng.integer(1, bytes.indexOf('\r\n\r\n'));
  return { bytes: bytes.subarray(0, cut), isWhole: false, isSlow: true };
}

const brokenLines = [
  'content-length: -1',
  'content-length: 1e3',
  'content-length: 5\r\ncontent-length: 6',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked\r\ntransfer-encoding: identity',
  'no colon here',
  ': no name',
  'x-nul: a\0b',
  'x-folded: a\r\n b',
  'expect: 200-maybe',
  'upgrade: websocket\r\nconnection: upgrade',
  'x-amz-date: yesterday\r\nauthorization: AWS4-HMAC-SHA256 nonsense',
  'x-leakbed: fault=truncate;at=never',
];

function brokenHead(rng: Rng): Made {
  const bytes = post(pathOf(rng), JSON.stringify(body), [rng.pick(brokenLines)]);
  const headEnd = bytes.indexOf('\r\n\r\n');
  const head =
    rng.next() < 0.5 ? bytes.subarray(0, headEnd) : damage(rng, bytes.subarray(0, headEnd));
  return { bytes: Buffer.concat([head, bytes.subarray(headEnd)]), isWhole: false };
}

const kinds = {
  'broken-json': brokenJson,
  'wrong-types': wrongTypes,
  oversized,
  'bad-frames': badFrames,
  garbage,
  'bad-http2': badHttp2,
  'slow-head': slowHead,
  'broken-head': brokenHead,
} as const satisfies Record<string, (rng: Rng) => Made>;

export type FuzzKind = keyof typeof kinds;
export const fuzzKinds = Object.keys(kinds) as readonly FuzzKind[];

export function malformedRequest(rng: Rng): MalformedRequest {
  const kind = rng.pick(fuzzKinds);
  return { isSlow: false, ...kinds[kind](rng), kind };
}
