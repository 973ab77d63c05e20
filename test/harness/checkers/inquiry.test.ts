// What is asked once levels have spoken: which kind of request leaks, do new keys fill a cache, and
// what grows where levels under work show nothing.

import { test } from 'tap';
import { armTestPhase } from '../../../harness/checkers/arms.ts';
import { isLeakOfWork, isOnlyNewKeys } from '../../../harness/checkers/inquiry.ts';
import { leakChecker } from '../../../harness/checkers/leak.ts';
import type { Reading } from '../../../harness/probes/probe.ts';
import { requestInquiry } from '../../../harness/scenarios/request-kinds.ts';
import type { Level } from '../../../harness/series/sample.ts';
import { buildLevels, filling, flat, leak, type Shape, white } from '../../fixtures/levels.ts';
import { buildRecord } from '../../fixtures/record.ts';

const { experiment } = requestInquiry;

const heapLevels = (phase: string, shape: Shape, more = {}): readonly Level[] =>
  buildLevels({
    seed: 3,
    cycles: 24,
    phase,
    requests: [150, 450],
    requestsBefore: 800,
    channels: { heapBytes: { shape, noise: white(500) } },
    ...more,
  });

const leaking = heapLevels('stress', leak(1_000));
const quiet = heapLevels('stress', flat);
const endMs = leaking.at(-1)?.timeMs ?? 0;

/** Readings one second apart after the work. */
const atRest = (phase: string, count: number, values: (index: number) => Reading) =>
  Array.from({ length: count }, (_, index): Level => {
    const place = { phase, cycle: 1, requests: 0, totalRequests: 0 };
    return { ...place, timeMs: endMs + 1_000 * (index + 1), values: values(index) };
  });

const last = leaking.at(-1)?.values.heapBytes ?? 0;
const steady = atRest('release', 9, () => ({ heapBytes: last }));

/** Each kind's test of its own, of which these leak. */
const kindsThatLeak = (...guilty: readonly string[]): readonly Level[] =>
  requestInquiry.arms.flatMap((name, index) =>
    heapLevels(armTestPhase('kinds', index + 1), guilty.includes(name) ? leak(2_000) : flat, {
      seed: index,
      cycles: 6,
    }),
  );

const judge = (...parts: readonly (readonly Level[])[]) =>
  leakChecker({ experiment, inquiry: requestInquiry }).check(
    buildRecord({}, { levels: parts.flat() }),
  );

test('the kind of request that leaks is named, and no other', (t) => {
  const { finding, reason } = judge(leaking, steady, kindsThatLeak('failing'));
  t.equal(finding, 'leak');
  t.match(reason, /only failing leak/);
  t.match(judge(leaking, steady, kindsThatLeak(...requestInquiry.arms)).reason, /Every kind/);
  t.end();
});

test('more questions are asked only where new ones alone leak', (t) => {
  t.ok(isOnlyNewKeys([...leaking, ...steady, ...kindsThatLeak('new')], requestInquiry));
  t.notOk(isOnlyNewKeys([...leaking, ...steady, ...kindsThatLeak('new', 'known')], requestInquiry));
  t.notOk(isOnlyNewKeys([...leaking, ...steady], requestInquiry));
  t.end();
});

test('a cache that new questions fill is bounded; what they never fill is a leak', (t) => {
  const refill = { requests: [1_000, 2_000] as const, requestsBefore: 8_000 };
  const before = [leaking, steady, kindsThatLeak('new')];
  const full = judge(...before, heapLevels('refill', filling(10e6, 10_000), refill));
  t.equal(full.outcome, 'pass');
  t.match(full.reason, /until it was full/);
  const unbounded = judge(...before, heapLevels('refill', leak(1_000), refill));
  t.equal(unbounded.finding, 'leak');
  t.match(unbounded.reason, /did not fill it/);
  t.end();
});

test('growth that goes on at rest as fast as under work is not asked of kinds of requests', (t) => {
  const perMs = 1_000 / 5;
  const growing = atRest('release', 9, (index) => ({
    heapBytes: last + perMs * 1_000 * (index + 1),
  }));
  t.notOk(isLeakOfWork([...leaking, ...growing], requestInquiry));
  t.ok(isLeakOfWork([...leaking, ...steady], requestInquiry));
  t.end();
});

test('what grows with time alone is found at rest', (t) => {
  const idle = (perSecond: number) =>
    atRest('idle', 8, (index) => ({ heapBytes: 30e6 + perSecond * index + (index % 2) * 200 }));
  const found = judge(quiet, idle(4_000));
  t.equal(found.finding, 'leak');
  t.match(found.reason, /3.9\d? KiB per second: with time/);
  t.equal(judge(quiet, idle(0)).finding, 'clean');
  t.equal(judge(quiet, idle(300)).finding, 'clean');
  t.end();
});

test('collections that fill are a leak, whatever their memory shows', (t) => {
  const between = atRest('between', 6, () => ({})).map((level) => ({ ...level, requests: 160 }));
  const censuses = (count: (work: number) => number) =>
    atRest('elements', 7, (index) => ({ elementCount: Math.round(count(160 * index)) }));
  const found = judge(
    quiet,
    between,
    censuses((work) => 10_000 + 3 * work),
  );
  t.equal(found.finding, 'leak');
  t.equal(found.resources?.[0]?.metric, 'elementCount');
  t.equal(found.resources?.[0]?.perRequest?.estimate, 3);
  const slowing = judge(
    quiet,
    between,
    censuses((work) => 10_000 + 100 * Math.sqrt(work)),
  );
  t.equal(slowing.finding, 'clean');
  t.equal(
    judge(
      quiet,
      between,
      censuses((work) => 10_000 + (work % 3)),
    ).finding,
    'clean',
  );
  const withTime = atRest('idle', 8, (index) => ({ heapBytes: 30e6 + 4_000 * index }));
  const fillsWithTime = [between, censuses((work) => 10_000 + 3 * work), withTime];
  t.match(judge(quiet, ...fillsWithTime).reason, /with time, not with requests/);
  t.end();
});
