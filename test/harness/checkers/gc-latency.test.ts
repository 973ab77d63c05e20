// Collections that make requests slow are accused; slow requests beside harmless collections are
// not, on made-up series and on a real process.

import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { gcLatencyChecker } from '../../../harness/checkers/gc-latency.ts';
import { pausedMs, permutationP } from '../../../harness/checkers/pause-overlap.ts';
import { gc } from '../../../harness/probes/gc.ts';
import type { RequestRow } from '../../../harness/record.ts';
import type { Sample } from '../../../harness/series/sample.ts';
import { startChildProcess } from '../../../harness/subjects/child-process.ts';
import { seededRng, sleep, systemClock } from '../../../injectors/determinism.ts';
import { buildRecord } from '../../fixtures/record.ts';

const { nowMs } = systemClock;

const row = (startMs: number, endMs: number): RequestRow => ({
  phase: 'stress',
  arm: 'unit',
  startMs,
  ttftMs: 1,
  endMs,
  status: 200,
  outcome: 'ok',
});

/** 1,000 requests, 10 ms apart, and a pause of 30 ms in every 20th of them, or beside it. */
function series(doPausesDelay: boolean, seed: number) {
  const rng = seededRng(seed);
  const requests: RequestRow[] = [];
  const samples: Sample[] = [];
  for (let nth = 0; nth < 1_000; nth++) {
    const startMs = nth * 50;
    const isSlow = nth % 20 === 7;
    const lengthMs = 8 + 2 * rng.next() + (isSlow ? 30 : 0);
    requests.push(row(startMs, startMs + lengthMs));
    if (!isSlow) continue;
    const atMs = doPausesDelay ? startMs + 2 : rng.next() * 49_000;
    samples.push({ metric: 'gcPauseMs', timeMs: atMs, value: 30 });
  }
  return { requests, samples };
}

test('pauses that overlap one another and a request are counted once', async (t) => {
  const pauses = [
    { startMs: 5, endMs: 10 },
    { startMs: 8, endMs: 12 },
    { startMs: 30, endMs: 31 },
  ];
  const requests = [
    { startMs: 0, endMs: 9 },
    { startMs: 9, endMs: 40 },
    { startMs: 13, endMs: 29 },
    { startMs: 6, endMs: 7 },
  ];
  t.same(pausedMs(requests, pauses), [4, 4, 0, 1]);
});

test('pauses that delay requests are told from pauses that fall anywhere', async (t) => {
  const rounds = 200;
  const guilty = series(true, 1);
  const asIntervals = (samples: readonly Sample[]) =>
    samples.map(({ timeMs, value }) => ({ startMs: timeMs, endMs: timeMs + value }));
  const p = permutationP(guilty.requests, asIntervals(guilty.samples), seededRng(1), rounds);
  t.equal(p, 1 / (rounds + 1));
  let falseAlarms = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { requests, samples } = series(false, seed);
    const chance = permutationP(requests, asIntervals(samples), seededRng(seed), rounds);
    if (chance !== null && chance <= 0.05) falseAlarms++;
  }
  // 5 % of 40 are 2; eight or more would happen once in 1,500 tries.
  t.ok(falseAlarms < 8, `${falseAlarms} of 40`);
});

test('a p99 that collections made fails, with the p99 without them as evidence', async (t) => {
  const { requests, samples } = series(true, 2);
  const judged = gcLatencyChecker().check(buildRecord({}, { requests, samples }));
  t.equal(judged.outcome, 'fail');
  t.match(judged.reason, /lifts the p99 from (9|10)\.\d ms to (39|40)\.\d ms/);
  const advisory = gcLatencyChecker({ isAdvisory: true });
  const told = advisory.check(buildRecord({}, { requests, samples }));
  t.equal(told.outcome, 'pass');
  t.same(told.warnings, [judged.reason]);
});

test('slow requests beside collections that delay nobody pass', async (t) => {
  const { requests, samples } = series(false, 3);
  t.equal(gcLatencyChecker().check(buildRecord({}, { requests, samples })).outcome, 'pass');
});

test('too few answers are inconclusive, and no collection at all is fine', async (t) => {
  const { requests, samples } = series(true, 4);
  const few = buildRecord({}, { requests: requests.slice(0, 50), samples });
  t.equal(gcLatencyChecker().check(few).outcome, 'inconclusive');
  const none = buildRecord({}, { requests, samples: [] });
  t.equal(gcLatencyChecker().check(none).outcome, 'pass');
});

for (const { path, outcome } of [
  { path: '/collect', outcome: 'fail' },
  { path: '/wait', outcome: 'pass' },
] as const) {
  test(`a real process that is late by ${path.slice(1)} is judged: ${outcome}`, async (t) => {
    const app = fileURLToPath(new URL('../../fixtures/pausing-app.mjs', import.meta.url));
    await using subject = await startChildProcess({
      name: 'pausing app',
      command: [process.execPath, app],
      nodeArgs: ['--expose-gc'],
    });
    await using probe = await gc.attach(subject, nowMs);
    const requests: RequestRow[] = [];
    for (let sent = 0; sent < 500; sent++) {
      const startMs = nowMs();
      await (await fetch(`${subject.url}${path}`)).text();
      requests.push(row(startMs, nowMs()));
    }
    const samples: Sample[] = [];
    // The target's observer runs a moment after the collection.
    for (let nth = 0; nth < 20; nth++) {
      await probe.sample();
      samples.push(...(probe.drainEvents?.() ?? []));
      await sleep(5);
    }
    const judged = gcLatencyChecker().check(buildRecord({}, { requests, samples }));
    t.equal(judged.outcome, outcome, judged.reason);
  });
}
