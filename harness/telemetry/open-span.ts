// A span that is not over: takes attributes and events until it ends, and is then sent whole.

import {
  attributesOf,
  type Fields,
  freshSpanId,
  nanoOf,
  type Span,
  type SpanEvent,
  safeText,
} from './otlp-json.ts';

export interface SpanPlace {
  readonly traceId: string;
  readonly parent?: { readonly spanId: string };
  send(span: Span): void;
}

export interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** A later value replaces an earlier one. */
  set(fields: Fields): void;
  event(name: string, unixMs: number, fields: Fields): void;
  fail(message: string): void;
  /** Once; the first end counts. */
  end(unixMs: number): void;
}

/** As many as the official SDKs keep; what comes later is counted. */
const mostEvents = 128;

export function openSpan(name: string, place: SpanPlace, startUnixMs: number): OpenSpan {
  const { traceId, parent, send } = place;
  const spanId = freshSpanId();
  let fields: Fields = {};
  let failure: string | null = null;
  let droppedEventsCount = 0;
  let isOver = false;
  const events: SpanEvent[] = [];
  return {
    traceId,
    spanId,
    set(more) {
      fields = { ...fields, ...more };
    },
    event(eventName, unixMs, more) {
      if (events.length >= mostEvents) droppedEventsCount += 1;
      else {
        const attributes = attributesOf(more);
        events.push({ timeUnixNano: nanoOf(unixMs), name: eventName, attributes });
      }
    },
    fail(message) {
      failure ??= message;
    },
    end(unixMs) {
      if (isOver) return;
      isOver = true;
      send({
        traceId,
        spanId,
        ...(parent !== undefined && { parentSpanId: parent.spanId }),
        name,
        kind: 1,
        startTimeUnixNano: nanoOf(startUnixMs),
        // Clocks of the run and of the wall may differ by a breath.
        endTimeUnixNano: nanoOf(Math.max(startUnixMs, unixMs)),
        attributes: attributesOf(fields),
        events,
        droppedEventsCount,
        status: failure === null ? { code: 0 } : { code: 2, message: safeText(failure) },
      });
    },
  };
}
