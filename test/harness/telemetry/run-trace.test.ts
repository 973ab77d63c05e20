// A run as a trace, from rows as the runner tells them.

import { test } from 'tap';
import type { LogRecord, Span } from '../../../harness/telemetry/otlp-json.ts';
import { runTrace } from '../../../harness/telemetry/run-trace.ts';
import { buildLeakVerdict, buildRecord, buildVerdict } from '../../fixtures/record.ts';
import { replay } from '../../fixtures/replayed-run.ts';

const endedUnixMs = Date.parse('2026-01-02T03:05:00.000Z');

function traceOf(
  ...told: readonly (readonly [Parameters<typeof replay>[0], Parameters<typeof replay>[2]?])[]
) {
  const spans: Span[] = [];
  const logs: LogRecord[] = [];
  const sink = { span: (span: Span) => spans.push(span), log: (row: LogRecord) => logs.push(row) };
  const trace = runTrace(sink, () => endedUnixMs);
  for (const [record, verdict] of told) replay(record, trace.observer, verdict);
  trace[Symbol.dispose]();
  const find = (name: string) => spans.find((span) => span.name === name);
  return { traceId: trace.traceId, spans, logs, find };
}

const value = (span: Span | undefined, key: string) =>
  Object.values(span?.attributes.find((pair) => pair.key === key)?.value ?? {})[0];

test('phases and faults are in their scenario, which is in the run, in one trace', async (t) => {
  const record = buildRecord();
  const { traceId, spans, find } = traceOf([record, buildVerdict()]);
  const root = find('leakbed run');
  const scenario = find('streaming-connections');
  t.equal(root?.parentSpanId, undefined);
  t.equal(scenario?.parentSpanId, root?.spanId);
  for (const { name } of record.phases) {
    t.equal(find(name)?.parentSpanId, scenario?.spanId, name);
  }
  const faults = spans.filter(({ name }) => name.startsWith('fault '));
  t.equal(faults.length, record.injections.length);
  t.equal(faults[0]?.parentSpanId, scenario?.spanId);
  t.ok(spans.every((span) => span.traceId === traceId));
  t.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
  t.match(traceId, /^[0-9a-f]{32}$/);
  t.ok(spans.every(({ spanId }) => /^[0-9a-f]{16}$/.test(spanId)));
});

test('times are those of the run, in nanoseconds since 1970', async (t) => {
  const record = buildRecord();
  const [phase] = record.phases;
  const { find } = traceOf([record, buildVerdict()]);
  const span = find(phase?.name ?? '');
  const startMs = Date.parse(record.header.startedAt) + (phase?.startMs ?? 0);
  t.equal(span?.startTimeUnixNano, `${startMs}000000`);
  t.equal(BigInt(span?.endTimeUnixNano ?? 0) / 1_000_000n, BigInt(startMs + (phase?.endMs ?? 0)));
});

test('a leak is an error with its figures, a clean gateway is none', async (t) => {
  const leak = buildLeakVerdict();
  const { find, logs } = traceOf([buildRecord(), leak]);
  const scenario = find('streaming-connections');
  t.equal(scenario?.status.code, 2);
  t.equal(find('leakbed run')?.status.code, 2);
  t.equal(value(scenario, 'leakbed.finding'), 'leak');
  const estimate = value(scenario, 'leakbed.retained_bytes_per_request.estimate');
  t.equal(Number(estimate), leak.retainedBytesPerRequest?.estimate);
  t.ok(scenario?.events.some(({ name }) => name === 'verdict'));
  t.equal(logs.at(-1)?.severityText, 'ERROR');
  const clean = traceOf([buildRecord(), buildVerdict()]);
  t.equal(clean.find('streaming-connections')?.status.code, 0);
  t.equal(clean.find('leakbed run')?.status.code, 0);
  t.equal(clean.logs.at(-1)?.severityText, 'INFO');
});

test('a run that is cut short leaves no span open and calls none of them whole', async (t) => {
  const record = buildRecord({}, { phases: [{ name: 'stress', startMs: 5, endMs: null }] });
  const { find, spans } = traceOf([record]);
  t.equal(find('stress')?.status.code, 2);
  t.match(find('stress')?.status.message, /before it was judged/);
  t.equal(spans.at(-1)?.name, 'leakbed run');
});

test('a warning is one record, told once, without the credentials in it', async (t) => {
  const { observer, logs } = (() => {
    const kept: LogRecord[] = [];
    const sink = { span: () => undefined, log: (row: LogRecord) => void kept.push(row) };
    return { ...runTrace(sink, () => endedUnixMs), logs: kept };
  })();
  observer.began?.(buildRecord().header);
  const warnings = ['Cannot ask http://me:hunter2@127.0.0.1: it is away.'];
  observer.updated?.({ warnings });
  observer.updated?.({ warnings: [...warnings, 'Another.'] });
  t.same(
    logs.map(({ severityText }) => severityText),
    ['WARN', 'WARN'],
  );
  t.notMatch(JSON.stringify(logs), /hunter2/);
});

test('a span keeps 128 events and counts the others', async (t) => {
  const [level] = buildRecord().levels;
  if (level === undefined) throw new Error('The record has no level.');
  const levels = Array.from({ length: 200 }, (_, index) => ({ ...level, cycle: index + 1 }));
  const phases = [{ name: 'stress', startMs: 0, endMs: null }];
  const { find } = traceOf([buildRecord({}, { levels, phases })]);
  t.equal(find('stress')?.events.length, 128);
  t.equal(find('stress')?.droppedEventsCount, 72);
});
