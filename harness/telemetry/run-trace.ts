// A run as a trace: an observer that makes spans of scenarios, phases and fault windows, events of
// levels and verdicts, and log records of warnings. A span is sent when it ends, so a backend shows
// a run while it goes.
//
//   leakbed run ─┬─ streaming-connections ─┬─ warm-up
//                │   event: verdict        ├─ stress          events: level, level, …
//                └─ billing-queue          └─ fault truncate

import type { RunObserver } from '../observer.ts';
import type { Injection, PhaseMark, RequestOutcome, RunHeader } from '../record.ts';
import type { Level } from '../series/sample.ts';
import type { Verdict } from '../verdict.ts';
import { type OpenSpan, openSpan, type SpanPlace } from './open-span.ts';
import type { OtlpExporter } from './otlp-exporter.ts';
import { attributesOf, type Fields, freshTraceId, nanoOf, safeText } from './otlp-json.ts';

export interface RunTrace extends Disposable {
  readonly traceId: string;
  readonly observer: RunObserver;
}

/** What is open of the scenario that goes on. */
interface Scene {
  readonly startedUnixMs: number;
  readonly span: OpenSpan;
  readonly phases: Map<number, { readonly span: OpenSpan; readonly counts: Counts }>;
  readonly faults: Map<string, OpenSpan>;
  readonly told: Set<string>;
}

type Counts = Record<RequestOutcome, number>;

/** `nowUnixMs` is asked for what has no time of its own. */
export function runTrace(
  { span: send, log }: Pick<OtlpExporter, 'span' | 'log'>,
  nowUnixMs: () => number,
): RunTrace {
  const traceId = freshTraceId();
  const place: SpanPlace = { traceId, send };
  const root = openSpan('leakbed run', place, nowUnixMs());
  let scene: Scene | null = null;

  const begin = (header: RunHeader) => {
    endScene(scene, nowUnixMs(), 'The run ended here.');
    const startedUnixMs = Date.parse(header.startedAt);
    const span = openSpan(header.scenario, { ...place, parent: root }, startedUnixMs);
    span.set(headerFields(header));
    scene = { startedUnixMs, span, phases: new Map(), faults: new Map(), told: new Set() };
  };
  const within = (act: (open: Scene) => void) => {
    if (scene !== null) act(scene);
  };
  const observer = {
    name: 'the OpenTelemetry collector',
    began: begin,
    updated: ({ header, phases, warnings }) =>
      within((open) => {
        if (header !== undefined) open.span.set(headerFields(header));
        phases?.forEach((mark, index) => {
          followPhase(open, place, mark, index);
        });
        for (const text of warnings ?? []) {
          if (open.told.has(text)) continue;
          open.told.add(text);
          log(logOf(nowUnixMs(), 'WARN', text, open.span));
        }
      }),
    request: ({ outcome }) =>
      within(({ phases }) => {
        for (const { counts } of phases.values()) counts[outcome] += 1;
      }),
    level: (row) => within((open) => addLevel(open, row)),
    injection: (row) => within((open) => followFault(open, place, row)),
    judged: (verdict) =>
      within((open) => {
        const at = nowUnixMs();
        judge(open.span, verdict, at);
        const isBad = verdict.outcome !== 'pass';
        log(logOf(at, isBad ? 'ERROR' : 'INFO', verdict.reason, open.span, verdictFields(verdict)));
        if (verdict.outcome === 'fail') root.fail(`${verdict.scenario}: ${verdict.reason}`);
        endScene(open, at, 'The run was cut short here.');
        scene = null;
      }),
  } satisfies RunObserver;
  return {
    traceId,
    observer,
    [Symbol.dispose]() {
      endScene(scene, nowUnixMs(), 'The run ended before it was judged.');
      scene = null;
      root.end(nowUnixMs());
    },
  };
}

const unixMs = (scene: Scene, runMs: number) => scene.startedUnixMs + runMs;

function followPhase(scene: Scene, place: SpanPlace, mark: PhaseMark, index: number): void {
  const { name, startMs, endMs, ...shares } = mark;
  const open = scene.phases.get(index);
  if (endMs === null && open === undefined) {
    const span = openSpan(name, { ...place, parent: scene.span }, unixMs(scene, startMs));
    span.set({ 'leakbed.phase': name });
    scene.phases.set(index, { span, counts: { ok: 0, aborted: 0, error: 0 } });
  } else if (endMs !== null && open !== undefined) {
    scene.phases.delete(index);
    open.span.set({ ...named('leakbed.', shares), ...named('leakbed.requests.', open.counts) });
    open.span.end(unixMs(scene, endMs));
  }
}

/** A window is told when it opens and when it closes; what took no time is an event. */
function followFault(scene: Scene, place: SpanPlace, row: Injection): void {
  const { fault, what, startMs, endMs } = row;
  const key = `${fault} ${startMs}`;
  const fields = { 'leakbed.fault': fault, 'leakbed.fault.what': what };
  const open = scene.faults.get(key);
  if (open !== undefined && endMs !== null) {
    scene.faults.delete(key);
    open.end(unixMs(scene, endMs));
  } else if (endMs === null) {
    const name = `fault ${fault.split(';')[0]}`;
    const span = openSpan(name, { ...place, parent: scene.span }, unixMs(scene, startMs));
    span.set(fields);
    scene.faults.set(key, span);
  } else {
    scene.span.event('fault', unixMs(scene, startMs), fields);
  }
}

function addLevel(scene: Scene, { phase, cycle, totalRequests, timeMs, values }: Level): void {
  const [latest] = [...scene.phases.values()].slice(-1);
  const fields = { 'leakbed.phase': phase, 'leakbed.cycle': cycle };
  (latest?.span ?? scene.span).event('level', unixMs(scene, timeMs), {
    ...fields,
    'leakbed.requests': totalRequests,
    ...named('leakbed.gateway.', values),
  });
}

function judge(span: OpenSpan, verdict: Verdict, at: number): void {
  span.event('verdict', at, verdictFields(verdict));
  span.set(verdictFields(verdict));
  if (verdict.outcome === 'fail') span.fail(verdict.reason);
}

function endScene(scene: Scene | null, at: number, why: string): void {
  if (scene === null) return;
  for (const span of [
    ...[...scene.phases.values()].map(({ span }) => span),
    ...scene.faults.values(),
  ]) {
    span.fail(why);
    span.end(at);
  }
  scene.span.end(at);
}

function headerFields(header: RunHeader): Fields {
  const { scenario, id, scale, seed, command, gateway } = header;
  return {
    'leakbed.scenario': scenario,
    'leakbed.run': id,
    'leakbed.scale': scale,
    'leakbed.seed': seed,
    'leakbed.command': command,
    ...named('leakbed.gateway.', gateway),
  };
}

function verdictFields(verdict: Verdict): Fields {
  const { outcome, finding, resource, retainedBytesPerRequest: kept, suspects } = verdict;
  const [suspect] = suspects;
  return {
    'leakbed.outcome': outcome,
    'leakbed.finding': finding,
    'leakbed.reason': verdict.reason,
    'leakbed.resource': resource,
    ...(kept !== null && named('leakbed.retained_bytes_per_request.', kept)),
    'leakbed.suspect': suspect && `${suspect.name} (${suspect.file}:${suspect.line})`,
    'leakbed.repeat': verdict.repeat,
  };
}

/** Plain figures under a common name. */
const named = (prefix: string, figures: object): Fields =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}${name}`, value]));

const severities = { INFO: 9, WARN: 13, ERROR: 17 } as const;

function logOf(
  at: number,
  severityText: keyof typeof severities,
  text: string,
  { traceId, spanId }: OpenSpan,
  fields: Fields = {},
) {
  return {
    timeUnixNano: nanoOf(at),
    severityNumber: severities[severityText],
    severityText,
    body: { stringValue: safeText(text) },
    attributes: attributesOf(fields),
    traceId,
    spanId,
  };
}
