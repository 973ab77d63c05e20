// Payloads that are given back and payloads that stay; peaks in proportion and beyond it; refusals
// that are answered and such that are not.

import { test } from 'tap';
import { payloadChecker } from '../../../harness/checkers/payload.ts';
import { refusedChecker } from '../../../harness/checkers/refused.ts';
import type { RequestRow } from '../../../harness/record.ts';
import type { Level } from '../../../harness/series/sample.ts';
import { buildRecord } from '../../fixtures/record.ts';

const MB = 1_000_000;
const rest = 100 * MB;
const sizes = [50_000, 400_000, 800_000, 1_600_000];
const steps = sizes.map((units) => ({ phase: `size-${units}`, units }));

const level = (phase: string, heapBytes: number, peakRssBytes: number): Level => ({
  phase,
  cycle: 1,
  requests: 10,
  totalRequests: 10,
  timeMs: 0,
  values: { heapBytes, externalBytes: 0, rssBytes: rest, peakRssBytes },
});
const row = (arm: string, phase: string, status: number | null): RequestRow => ({
  phase,
  arm,
  startMs: 0,
  ttftMs: 1,
  endMs: 2,
  status,
  outcome: status === 200 ? 'ok' : 'error',
});

interface Gateway {
  readonly perByte?: number;
  /** Of a request of so many bytes, at the peak. */
  readonly cost?: (units: number) => number;
  readonly kept?: number;
}

/** Four requests in flight cost so much at the peak, and `kept` of all payload stays. */
function check({ perByte = 8, cost = (units) => units * perByte, kept = 0 }: Gateway) {
  const requests = steps.flatMap(({ phase }) => new Array(10).fill(row('bedrock/x', phase, 200)));
  const sent = sizes.reduce((sum, units) => sum + 10 * units, 0);
  const levels = [
    level('baseline', 60 * MB, rest),
    ...steps.flatMap(({ phase, units }) =>
      [0, 1, 2].map((cycle) => level(phase, 60 * MB, rest + 4 * cost(units) + cycle * 1000)),
    ),
    level('settle', 60 * MB + kept * sent, rest),
  ];
  const options = { steps, unit: 'byte', userCount: 4, mostPerUnit: 24 } as const;
  return payloadChecker(options).check(buildRecord({}, { levels, requests, injections: [] }));
}

test('payloads that cost in proportion and are given back pass as clean', (t) => {
  const { outcome, finding, reason, evidence } = check({});
  t.equal(outcome, 'pass', reason);
  t.equal(finding, 'clean');
  t.match(reason, /a byte in flight costs [78]\.\d bytes/);
  t.equal(evidence.filter(({ label }) => label.startsWith('peak above rest')).length, 4);
  t.end();
});

test('a gateway that keeps a copy of each payload leaks', (t) => {
  const { outcome, finding, resources, reason } = check({ kept: 1 });
  t.equal(outcome, 'fail');
  t.equal(finding, 'leak');
  t.equal(resources?.[0]?.metric, 'heapBytes');
  t.match(reason, /above where it began/);
  t.end();
});

test('a gateway that holds forty copies at its peak is too greedy', (t) => {
  const { outcome, reason } = check({ perByte: 40 });
  t.equal(outcome, 'fail');
  t.match(reason, /24\.0 are allowed/);
  t.end();
});

test('a peak that grows with the square of the size is out of proportion', (t) => {
  const { outcome, reason } = check({ cost: (units) => units ** 2 / 40_000 });
  t.equal(outcome, 'fail');
  t.match(reason, /size to the power of (1\.9|2\.0)/);
  t.end();
});

test('without high-water marks nothing is said about peaks', (t) => {
  const levels = [level('baseline', 60 * MB, 0), level('settle', 60 * MB, 0)];
  const options = { steps, unit: 'byte', userCount: 4, mostPerUnit: 24 } as const;
  const { outcome } = payloadChecker(options).check(buildRecord({}, { levels }));
  t.equal(outcome, 'inconclusive');
  t.end();
});

const refusal = (statuses: readonly (number | null)[]) => {
  const requests = statuses.map((status) => row('vertex/too-long', 'over', status));
  const checker = refusedChecker({ arm: 'too-long', statuses: [400, 413] });
  return checker.check(buildRecord({}, { requests }));
};

test('requests that must be refused pass when each is', (t) => {
  t.equal(refusal([400, 413, 400]).outcome, 'pass');
  t.end();
});

test('a refusal that is a broken connection, a 500 or a success is none', (t) => {
  for (const status of [null, 500, 200]) {
    const { outcome, reason } = refusal([400, status]);
    t.equal(outcome, 'fail');
    t.match(reason, /1 of 2 requests too-long were not refused/);
  }
  t.end();
});
