// OTLP as JSON: the words of a trace and of log records, and the two requests that carry them.
// Identifiers are hex and 64-bit numbers strings, which is not what proto3's own JSON would do.
// Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding (OTLP 1.5),
// opentelemetry-proto trace.proto, logs.proto, common.proto.

import { randomBytes } from 'node:crypto';
import { redactText } from '../redact.ts';

export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface SpanEvent {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes: readonly KeyValue[];
}

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** SPAN_KIND_INTERNAL. */
  readonly kind: 1;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly SpanEvent[];
  readonly droppedEventsCount: number;
  readonly status: { readonly code: 0 | 1 | 2; readonly message?: string };
}

export interface LogRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: 'INFO' | 'WARN' | 'ERROR';
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly KeyValue[];
  readonly traceId: string;
  readonly spanId: string;
}

export interface KeyValue {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly doubleValue: number }
    | { readonly boolValue: boolean };
}

/** Longer texts say no more; backends refuse what is very long. */
const longestText = 2_000;

/** What is null or undefined is left out; credentials are taken out of texts. */
export function attributesOf(fields: Fields): readonly KeyValue[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    return value === null || value === undefined ? [] : [{ key, value: anyValue(value) }];
  });
}

function anyValue(value: string | number | boolean): KeyValue['value'] {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: safeText(value) };
  return Number.isSafeInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
}

export const safeText = (text: string): string => redactText(text.slice(0, longestText));

/** Microseconds are as exact as a run's clock is. */
export const nanoOf = (unixMs: number): string => `${Math.round(unixMs * 1000)}000`;

/** Identities, which no seed may repeat. */
export const freshTraceId = (): string => randomBytes(16).toString('hex');
export const freshSpanId = (): string => randomBytes(8).toString('hex');

export type Signal = 'traces' | 'logs';

/** One request's body: ExportTraceServiceRequest or ExportLogsServiceRequest. */
export function requestOf(
  signal: Signal,
  resource: Fields,
  items: readonly (Span | LogRecord)[],
): unknown {
  const scope = { name: 'leakbed', version: `${resource['service.version'] ?? ''}` };
  const about = { resource: { attributes: attributesOf(resource) } };
  return signal === 'traces'
    ? { resourceSpans: [{ ...about, scopeSpans: [{ scope, spans: items }] }] }
    : { resourceLogs: [{ ...about, scopeLogs: [{ scope, logRecords: items }] }] };
}
