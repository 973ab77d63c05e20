// A run of an hour, read back, judged and rendered: 36,000 readings of each of twenty series, ten a
// second, as a run leaves them on disk. Each turn is a process of its own.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openRecordStore } from '../../../harness/record-store.ts';
import type { MetricName } from '../../../harness/series/metrics.ts';
import { median } from '../../../harness/stats/median.ts';
import { buildHeader, buildRecord } from '../../fixtures/record.ts';
import type { Bench, Figure } from './bench.ts';

const hourMs = 3_600_000;
const readings = 36_000;
const more: readonly MetricName[] = [
  ...(['anonBytes', 'vmsBytes', 'nativeBytes', 'cpuMs', 'threadCount', 'handleCount'] as const),
  ...(['establishedCount', 'closeWaitCount', 'outboundCount', 'eventLoopDelayMs'] as const),
  ...(['tenuredBytes', 'cgroupBytes', 'taskCount', 'timerCount'] as const),
];

interface Told {
  readonly analysisMs: number;
  readonly reportMs: number;
  readonly peakMiB: number;
  readonly reportBytes: number;
  readonly sampleCount: number;
}

export const analysis: Bench = {
  name: 'analysis',
  what: 'a run of an hour, 36,000 readings of 20 series: read and judged, rendered',
  isQuick: false,
  async *run({ scale, note }) {
    const turns = scale === 'quick' ? 3 : 7;
    const folder = await mkdtemp(join(tmpdir(), 'leakbed-bench-'));
    try {
      const told = await measured(await recordedHour(folder), turns);
      const [first] = told;
      if (first?.sampleCount !== readings * 20) throw new Error(`Read ${first?.sampleCount} rows.`);
      note(`the report has ${Math.round(first.reportBytes / 1024)} KiB`);
      const peak = told.map(({ peakMiB }) => peakMiB);
      note(`the process holds ${Math.round(median(peak) ?? 0)} MiB at its peak`);
      yield figure(
        'read and judged',
        'ms of the thread',
        1000,
        told.map((one) => one.analysisMs),
      );
      yield figure('peak of resident memory', 'MiB', 200, peak);
      yield figure(
        'report rendered',
        'ms of the thread',
        2000,
        told.map((one) => one.reportMs),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function figure(name: string, unit: string, atMost: number, samples: readonly number[]): Figure {
  return { name, unit, baseline: '', bar: { atMost }, samples };
}

/** As a run writes it: rows one by one, then the end. */
async function recordedHour(out: string): Promise<string> {
  const { samples, levels, requests, phases, injections } = buildRecord({
    sampleCount: readings,
    durationMs: hourMs,
    withQueue: true,
  });
  const store = await openRecordStore({ out, header: buildHeader() });
  await store.update({ phases });
  for (const level of levels) await store.level(level);
  for (const row of requests) await store.request(row);
  for (const injection of injections) await store.injection(injection);
  const shape = samples.filter(({ metric }) => metric === 'rssBytes');
  for (const row of samples) await store.sample(row);
  for (const { timeMs, value } of shape) {
    for (const metric of more) await store.sample({ metric, timeMs, value: Math.round(value) });
  }
  await store.finish({
    header: { ...store.header, endedAt: buildHeader().endedAt },
    interrupted: null,
  });
  return store.dir;
}

async function measured(dir: string, turns: number): Promise<readonly Told[]> {
  const program = fileURLToPath(new URL('analysed-record.ts', import.meta.url));
  const told: Told[] = [];
  // The first start compiles and reads from the disk.
  for (let turn = 0; turn <= turns; turn++) {
    const { stdout } = await promisify(execFile)(process.execPath, [program, dir]);
    if (turn > 0) told.push(JSON.parse(stdout));
  }
  return told;
}
