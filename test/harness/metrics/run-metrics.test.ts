// A run as Prometheus sees it, from rows as the runner tells them.

import { test } from 'tap';
import { runMetrics } from '../../../harness/metrics/run-metrics.ts';
import { readMetric } from '../../../harness/probes/prometheus-text.ts';
import type { RunRecord } from '../../../harness/record.ts';
import type { Verdict } from '../../../harness/verdict.ts';
import { buildHeader, buildLeakVerdict, buildRecord, buildVerdict } from '../../fixtures/record.ts';
import { replay } from '../../fixtures/replayed-run.ts';

const scenario = 'streaming-connections';

async function pageOf(...runs: readonly (readonly [RunRecord, Verdict?])[]) {
  const { registry, observer } = runMetrics();
  for (const [record, verdict] of runs) replay(record, observer, verdict);
  return await registry.metrics();
}

test('requests are counted by outcome, and their times are in the histograms', async (t) => {
  const record = buildRecord();
  const page = await pageOf([record]);
  const { requests } = record;
  t.equal(readMetric(page, 'leakbed_run_requests_total'), requests.length);
  t.equal(readMetric(page, 'leakbed_run_request_seconds_count'), requests.length);
  const seconds = requests.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs) / 1000, 0);
  t.ok(Math.abs((readMetric(page, 'leakbed_run_request_seconds_sum') ?? 0) - seconds) < 1e-6);
  const failed = requests.filter(({ outcome }) => outcome === 'error');
  t.equal(readMetric(page, 'leakbed_run_errors_total') ?? 0, failed.length);
});

test('readings have Prometheus names and base units; what was not read is absent', async (t) => {
  const record = buildRecord(
    {},
    {
      samples: [
        { metric: 'rssBytes', timeMs: 1, value: 5_000_000 },
        { metric: 'rssBytes', timeMs: 2, value: 6_000_000 },
        { metric: 'eventLoopDelayMs', timeMs: 2, value: 250 },
        { metric: 'gcPauseMs', timeMs: 2, value: 3 },
        { metric: 'gcPauseMs', timeMs: 3, value: 4 },
      ],
    },
  );
  const page = await pageOf([record]);
  t.equal(readMetric(page, 'leakbed_gateway_rss_bytes'), 6_000_000, 'the last reading');
  t.equal(readMetric(page, 'leakbed_gateway_event_loop_delay_seconds'), 0.25);
  t.equal(readMetric(page, 'leakbed_gateway_gc_pause_seconds_count'), 2);
  t.equal(readMetric(page, 'leakbed_gateway_fd_count'), undefined);
  const heap = record.levels.at(-1)?.values.heapBytes;
  t.equal(readMetric(page, 'leakbed_gateway_at_rest_heap_bytes'), heap);
});

test('a fault is in force between its two rows, one that only happened never', async (t) => {
  const { registry, observer } = runMetrics();
  const active = async () => readMetric(await registry.metrics(), 'leakbed_run_fault_active');
  const row = { fault: 'truncate;at=50%', what: 'of all', startMs: 10 };
  observer.began?.(buildHeader());
  observer.injection?.({ ...row, endMs: null });
  t.equal(await active(), 1);
  observer.injection?.({ ...row, endMs: 10 });
  t.equal(await active(), 1, 'a moment opens and closes nothing');
  observer.injection?.({ ...row, endMs: 20 });
  t.equal(await active(), 0);
});

test('the phase that goes on is 1, and there is none once the run was judged', async (t) => {
  const { phases } = buildRecord();
  const last = phases.at(-1)?.name ?? '';
  const going = buildRecord({}, { phases: phases.map((phase) => ({ ...phase, endMs: null })) });
  const line = (phase: string) => `leakbed_run_phase{scenario="${scenario}",phase="${phase}"} 1`;
  const page = await pageOf([going]);
  t.ok(page.includes(line(last)));
  t.equal(readMetric(page, 'leakbed_run_phase'), 1, 'one only');
  t.equal(readMetric(await pageOf([going, buildVerdict()]), 'leakbed_run_phase'), undefined);
});

test('a leak is told with its interval, a clean gateway without one', async (t) => {
  const leak = buildLeakVerdict({ scenario });
  const page = await pageOf([buildRecord(), leak]);
  t.ok(page.includes(`leakbed_run_finding{scenario="${scenario}",finding="leak"} 1`));
  t.ok(page.includes(`leakbed_run_finding{scenario="${scenario}",finding="clean"} 0`));
  t.ok(page.includes(`leakbed_run_verdict{scenario="${scenario}",outcome="fail"} 1`));
  const kept = leak.retainedBytesPerRequest;
  for (const bound of ['low', 'estimate', 'high'] as const) {
    t.ok(page.includes(`bound="${bound}"} ${kept?.[bound]}`), bound);
  }
  const clean = buildVerdict({ scenario, retainedBytesPerRequest: null });
  const other = await pageOf([buildRecord(), clean]);
  t.ok(other.includes(`leakbed_run_finding{scenario="${scenario}",finding="leak"} 0`));
  t.equal(readMetric(other, 'leakbed_run_retained_bytes_per_request'), undefined);
});

test('the next scenario forgets the gateway that was, and keeps what was found', async (t) => {
  const next = buildRecord({}, { samples: [], levels: [], injections: [] });
  const second = { ...next, header: buildHeader({ scenario: 'endurance' }) };
  const first = buildLeakVerdict({ scenario });
  const page = await pageOf([buildRecord(), first], [second]);
  t.equal(readMetric(page, 'leakbed_gateway_rss_bytes'), undefined);
  t.ok(page.includes(`leakbed_run_finding{scenario="${scenario}",finding="leak"} 1`));
  t.notOk(page.includes(`leakbed_run_info{scenario="${scenario}"`));
});

test('a million rows make the page no longer', async (t) => {
  const { registry, observer } = runMetrics();
  const record = buildRecord();
  replay(record, observer);
  const before = (await registry.metrics()).split('\n').length;
  const [row] = record.requests;
  if (row === undefined) throw new Error('The record has no request.');
  for (let count = 0; count < 1_000_000; count++) observer.request?.({ ...row, id: `${count}` });
  t.equal((await registry.metrics()).split('\n').length, before);
});
