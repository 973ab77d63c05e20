// What is malformed about requests to the control plane.

import type { Rng } from '../../../injectors/determinism.ts';
import { bytesInput, type RawInput } from '../../fixtures/fuzz/bytes.ts';
import { httpJudge, httpKinds } from '../../fixtures/fuzz/http.ts';
import type { FuzzInput } from '../../fixtures/fuzz/run.ts';

const fault = {
  fault: 'truncate',
  options: { at: '50%', end: 'cut' },
  match: { provider: 'bedrock', nth: 2 },
  toxicity: 0.5,
  times: 3,
};

const targets = [
  { path: '/plan', body: { seed: 1, faults: [fault, { fault: 'noop' }] } },
  { path: '/plan/faults', body: fault },
  { path: '/switches/billing-stall', body: { mode: 'slow', delayMs: 5 } },
  { path: '/switches/billing-stall/seen', body: { version: 1, calls: 2, waiting: 3 } },
  { path: '/live', body: { type: 'sample', rssBytes: 1 } },
  { path: '/journal?since=9', body: {} },
  { path: '/streams?limit=-1', body: {} },
  { path: '/metrics', body: {} },
  { path: '/docs', body: {} },
  { path: '/nowhere', body: {} },
  { path: '/%zz', body: {} },
] as const;

const kinds = httpKinds({
  pick(rng) {
    const { path, body } = rng.pick(targets);
    return { path: `/__leakbed${path}`, body };
  },
  longPath: (length) => `/__leakbed/switches/${'s'.repeat(length)}`,
  brokenLines: ['origin: http://evil.test', 'authorization: Bearer \u00ff', 'host: evil.test'],
});

export const controlKinds = Object.keys(kinds);

/** The control plane is asked in four ways, and each route knows some of them. */
function withMethod(rng: Rng, input: RawInput): RawInput {
  const method = Buffer.from(rng.pick(['POST', 'PUT', 'GET', 'DELETE']));
  if (input.bytes.subarray(0, 5).toString('latin1') !== 'POST ') return input;
  return { ...input, bytes: Buffer.concat([method, input.bytes.subarray(4)]) };
}

/** A refusal says why; 500 would be an error that nobody foresaw. */
const judge = httpJudge((answer) => answer.includes('"error"') && !/^HTTP\/1\.1 500/.test(answer));

export function malformedControl(rng: Rng): FuzzInput {
  const kind = rng.pick(controlKinds);
  const make = kinds[kind];
  if (make === undefined) throw new Error(`Cannot make malformed input of kind ${kind}.`);
  return bytesInput(kind, withMethod(rng, make(rng)), judge);
}
