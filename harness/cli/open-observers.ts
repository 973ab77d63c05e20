// Who is told of a run beside its record: what --metrics-port and --otlp name. What is behind each
// is loaded only where it was asked for.

import { sleep, systemClock } from '../../injectors/determinism.ts';
import type { TcpAddress } from '../../injectors/tcp/address.ts';
import type { MetricsServer } from '../metrics/serve-metrics.ts';
import type { RunObserver } from '../observer.ts';
import type { Progress } from '../progress.ts';
import { redactText } from '../redact.ts';
import { listening } from './listening.ts';
import { leakbedVersion } from './version.ts';

export interface ObserverFlags {
  readonly metricsPort?: TcpAddress;
  readonly otlp?: string;
}

export interface Observers extends AsyncDisposable {
  readonly all: readonly RunObserver[];
}

const pageFlags = { port: '--metrics-port', address: '--metrics-port HOST:PORT' };
/** A Prometheus asks every minute at the latest, unless told otherwise. */
const lastLookMs = 70_000;

export async function openObservers(
  { metricsPort, otlp }: ObserverFlags,
  stop: AbortSignal,
  { end: say, warn }: Progress,
): Promise<Observers> {
  await using stack = new AsyncDisposableStack();
  const all: RunObserver[] = [];
  if (metricsPort !== undefined) {
    const { runMetrics } = await import('../metrics/run-metrics.ts');
    const { serveMetrics } = await import('../metrics/serve-metrics.ts');
    const { registry, observer } = runMetrics();
    const token = process.env.LEAKBED_TOKEN;
    const opening = serveMetrics({ ...metricsPort, token, registry });
    const server = stack.use(await listening(metricsPort, opening, pageFlags));
    stack.defer(() => lastLook(server, stop, say));
    say(`leakbed: metrics of this run on ${server.url}`);
    all.push(observer);
  }
  if (otlp !== undefined) {
    const { headersFrom, openOtlpExporter } = await import('../telemetry/otlp-exporter.ts');
    const { runTrace } = await import('../telemetry/run-trace.ts');
    const resource = { 'service.name': 'leakbed', 'service.version': leakbedVersion() };
    const headers = headersFrom(process.env.OTEL_EXPORTER_OTLP_HEADERS);
    const exporter = stack.use(openOtlpExporter({ url: otlp, headers, resource, warn }));
    const trace = stack.use(runTrace(exporter, () => systemClock.wallTime().getTime()));
    say(`leakbed: trace ${trace.traceId} to ${redactText(otlp)}`);
    all.push(trace.observer);
  }
  const opened = stack.move();
  return { all, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** A verdict that nobody read is no use: whoever has scraped so far may do so once more. */
async function lastLook(
  server: MetricsServer,
  stop: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  const before = server.scrapeCount;
  if (before === 0) return;
  say('leakbed: until the verdict is scraped, a minute at most (Ctrl-C ends it)');
  const everyMs = 100;
  for (let waitedMs = 0; waitedMs < lastLookMs; waitedMs += everyMs) {
    if (server.scrapeCount > before || stop.aborted) return;
    await sleep(everyMs);
  }
}
