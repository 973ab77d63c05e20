// What a run tells the dashboard: joined readings, windows, the verdict as it forms; a dashboard
// that is gone costs a warning and nothing else.

import { test } from 'tap';
import { tellDashboard } from '../../../harness/runner/dashboard-teller.ts';
import { streamingConnections } from '../../../harness/scenarios/streaming-connections.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import type { Told } from '../../../mocks/control/story.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';
import { buildHeader, buildLeakVerdict } from '../../fixtures/record.ts';

const chosen = { scenario: streamingConnections, scale: 'smoke' } as const;

function teller(answer: () => Promise<void> = async () => undefined) {
  const told: Told[] = [];
  const warnings: string[] = [];
  const clock = createFakeClock();
  const control = {
    async tell(message: Told) {
      told.push(message);
      await answer();
    },
  };
  const made = tellDashboard(control, chosen, (text) => void warnings.push(text), clock);
  return { ...made, told, warnings, clock, end: () => made[Symbol.asyncDispose]() };
}

test('readings of half a second are one message', async (t) => {
  const { observer, told, clock, end } = teller();
  for (let timeMs = 0; timeMs < 400; timeMs += 100) {
    observer.sample({ metric: 'rssBytes', timeMs, value: 1000 + timeMs });
    observer.sample({ metric: 'gcPauseMs', timeMs, value: timeMs / 100 });
  }
  const row = { phase: 'p', arm: 'a', startMs: 0, endMs: 5, ttftMs: 1, status: 200 };
  observer.request({ ...row, outcome: 'ok' });
  observer.request({ ...row, outcome: 'error' });
  clock.advance(500);
  await end();
  t.same(told, [
    {
      type: 'sample',
      timeMs: 300,
      values: { rssBytes: 1300 },
      pauses: { count: 4, longestMs: 3 },
      requests: { total: 2, failed: 1, aborted: 0 },
    },
  ]);
});

test('the verdict forms with every level of the judged phase, and its interval narrows', async (t) => {
  const { observer, told, end } = teller();
  observer.began(buildHeader());
  const rng = seededRng(5);
  for (let cycle = 1; cycle <= 40; cycle += 1) {
    const noise = rng.integer(0, 300_000);
    observer.level({
      phase: 'stress',
      cycle,
      requests: 100,
      totalRequests: cycle * 100,
      timeMs: cycle * 1000,
      values: { heapBytes: 50_000_000 + cycle * 100 * 2400 + noise },
    });
  }
  observer.judged(buildLeakVerdict());
  await end();
  const rates = told.flatMap(({ type, channels }) =>
    type === 'forming'
      ? (channels as { perRequest: { low: number; high: number } | null }[]).slice(0, 1)
      : [],
  );
  const widths = rates.flatMap(({ perRequest: rate }) =>
    rate === null ? [] : [rate.high - rate.low],
  );
  t.ok(widths.length > 3, `${widths.length} intervals`);
  t.ok((widths.at(-1) ?? 0) < (widths[0] ?? 0) / 2, widths.map(Math.round).join(' '));
  t.match(told[0], { type: 'run', scenario: 'streaming-connections', scale: 'smoke' });
  t.match(told.at(-1), { type: 'verdict', outcome: 'fail', finding: 'leak' });
});

test('phases, fault windows and warnings are told once each, without secrets', async (t) => {
  const { observer, told, end } = teller();
  const phases = [{ name: 'stress', startMs: 5, endMs: null }];
  observer.updated({ phases, warnings: ['Bearer abcdefghijklmnopqrstuvwxyz0123 was refused.'] });
  observer.updated({ phases: [{ name: 'stress', startMs: 5, endMs: 9 }] });
  observer.injection({ fault: 'slow', what: 'waits', startMs: 5, endMs: null });
  await end();
  t.match(told, [
    { type: 'phase', name: 'stress', title: /clients leave/, startMs: 5 },
    { type: 'warning', text: /refused/ },
    { type: 'fault', fault: 'slow', startMs: 5, endMs: null },
  ]);
  t.equal(told.length, 3);
  t.notMatch(JSON.stringify(told), 'abcdefghijklmnop');
});

test('a dashboard that is gone is told no more, and the run is warned once', async (t) => {
  const { observer, told, warnings, clock, end } = teller(async () => {
    throw new Error('Cannot reach the fake providers.');
  });
  for (let count = 0; count < 5; count += 1) {
    observer.began(buildHeader());
    clock.advance(500);
  }
  await end();
  t.equal(told.length, 1);
  t.match(warnings, [/told no more of this run: Cannot reach/]);
  t.equal(warnings.length, 1);
  t.equal(clock.pending, 0, 'no timer is left');
});
