// Sends spans and log records to a collector by OTLP over HTTP, a batch a second, beside a run that
// must not notice: what finds no room is dropped and counted, a collector that is away is told of
// once, and the last batch has a few seconds.
// Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response

import { type Clock, systemClock } from '../../injectors/determinism.ts';
import { redactText } from '../redact.ts';
import { type Fields, type LogRecord, requestOf, type Signal, type Span } from './otlp-json.ts';

export interface OtlpExporterOptions {
  /** The collector's base: http://127.0.0.1:4318. */
  readonly url: string;
  /** What it asks for beside: an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly resource: Fields;
  readonly clock?: Clock;
  warn(text: string): void;
}

export interface OtlpExporter extends AsyncDisposable {
  span(span: Span): void;
  log(record: LogRecord): void;
}

const everyMs = 1_000;
const requestLimitMs = 5_000;
/** Of each kind; a run of an hour has some hundreds. */
const mostWaiting = 2_048;
const mostAtOnce = 512;
/** The specification's list: the same request may succeed later. */
const retryable = new Set([429, 502, 503, 504]);

export function openOtlpExporter(options: OtlpExporterOptions): OtlpExporter {
  const { url, clock = systemClock } = options;
  const waiting: Readonly<Record<Signal, (Span | LogRecord)[]>> = { traces: [], logs: [] };
  let dropped = 0;
  let hasFailed = false;
  let isOpen = true;
  let turn: Promise<void> = Promise.resolve();

  const fail = (reason: string) => {
    if (hasFailed) return;
    hasFailed = true;
    const what = `Cannot send the run's events to ${redactText(url)}: ${reason}.`;
    options.warn(`${what} The run goes on; the record has everything.`);
  };
  const add = (signal: Signal, item: Span | LogRecord) => {
    if (!isOpen) return;
    if (waiting[signal].length >= mostWaiting) {
      waiting[signal].shift();
      dropped += 1;
    }
    waiting[signal].push(item);
  };
  /** True when the batch is out of the way, sent or refused for good; false to try again later. */
  const sendBatch = async (signal: Signal): Promise<boolean> => {
    const batch = waiting[signal].slice(0, mostAtOnce);
    const refused = await post(
      `${url}/v1/${signal}`,
      requestOf(signal, options.resource, batch),
      options,
    );
    if (refused !== null) fail(refused.reason);
    if (refused?.mayRetry === true) return false;
    if (refused !== null) dropped += batch.length;
    // By identity: what came meanwhile may have pushed the oldest out.
    const isGone = new Set(batch);
    waiting[signal].splice(0, waiting[signal].findLastIndex((item) => isGone.has(item)) + 1);
    return true;
  };
  const sendAll = async () => {
    for (const signal of ['traces', 'logs'] as const) {
      while (waiting[signal].length > 0) if (!(await sendBatch(signal))) return;
    }
  };
  let cancel = () => {};
  const schedule = () => {
    cancel = clock.after(everyMs, () => {
      turn = sendAll().then(() => {
        if (isOpen) schedule();
      });
    });
  };
  schedule();
  return {
    span: (span) => add('traces', span),
    log: (record) => add('logs', record),
    async [Symbol.asyncDispose]() {
      if (!isOpen) return;
      isOpen = false;
      cancel();
      await turn;
      await sendAll();
      dropped += waiting.traces.length + waiting.logs.length;
      if (dropped > 0)
        options.warn(`${dropped} events of the run were not sent to ${redactText(url)}.`);
    },
  };
}

interface Refused {
  readonly reason: string;
  readonly mayRetry: boolean;
}

/** Null when it was taken. */
async function post(
  url: string,
  body: unknown,
  { headers }: OtlpExporterOptions,
): Promise<Refused | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(requestLimitMs),
    });
    await answer.body?.cancel();
    if (answer.ok) return null;
    return { reason: `it answers ${answer.status}`, mayRetry: retryable.has(answer.status) };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return {
      reason: redactText(cause instanceof Error ? cause.message : `${cause}`),
      mayRetry: true,
    };
  }
}

/** OTEL_EXPORTER_OTLP_HEADERS: "api-key=secret,tenant=a%20b", as W3C Baggage writes them. */
export function headersFrom(text = ''): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
