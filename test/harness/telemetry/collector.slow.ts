// What a run sends, held to the specification by the OpenTelemetry collector's own receiver: it
// must take everything, and hold afterwards what was meant.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { t as root, type Test, test } from 'tap';
import { within } from '../../../injectors/determinism.ts';
import { freshOut, startCommandLine } from '../../fixtures/command-line.ts';
import { goProgram } from '../../fixtures/go-program.ts';

// The receiver is built first, where it has not been: minutes on a small machine.
root.setTimeout(900_000);
const built = await goProgram('collector', new URL('./collector/', import.meta.url));
const skip = built.reason === undefined ? false : `the collector's receiver: ${built.reason}`;
const program = built.reason === undefined ? built.program : '';

interface Spans {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly { readonly key: string }[];
  readonly events?: readonly { readonly name: string }[];
  readonly status: { readonly code?: number };
}

interface Batch {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { spans: Spans[] }[] }[];
  readonly resourceLogs?: readonly {
    readonly scopeLogs: readonly { logRecords: { severityText: string; traceId: string }[] }[];
  }[];
}

/** Stops with the test; what it took is complete once the sender has ended. */
async function startCollector(t: Test) {
  const child = spawn(program, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGTERM'));
  const lines = createInterface({ input: child.stdout });
  const [endpoint] = await within(10_000, 'It does not start.', once(lines, 'line'));
  const batches: Batch[] = [];
  lines.on('line', (line) => batches.push(JSON.parse(line)));
  const spans = () =>
    batches.flatMap(({ resourceSpans = [] }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
    );
  const logs = () =>
    batches.flatMap(({ resourceLogs = [] }) =>
      resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((scope) => scope.logRecords)),
    );
  return { url: `http://${endpoint}`, spans, logs };
}

test('the collector takes a whole run, and has it as it was', {
  skip,
  timeout: 240_000,
}, async (t) => {
  const collector = await startCollector(t);
  const args = ['run', 'billing-queue', '--seed', '4', '--out', await freshOut(t)];
  const run = startCommandLine(t, [...args, '--otlp', collector.url], { limitMs: 200_000 });
  const { code, stderr } = await run.ended;
  t.equal(code, 0, stderr.slice(-500));
  t.notMatch(stderr, /Cannot send|were not sent/);
  const spans = collector.spans();
  const [, traceId] = /trace ([0-9a-f]{32}) to/.exec(stderr) ?? [];
  t.ok(
    spans.every((span) => span.traceId === traceId),
    'one trace, its id unharmed',
  );
  const root = spans.find(({ name }) => name === 'leakbed run');
  const scenario = spans.find(({ name }) => name === 'billing-queue');
  t.equal(scenario?.parentSpanId, root?.spanId);
  t.ok(scenario?.events?.some(({ name }) => name === 'verdict'));
  const fault = spans.find(({ name }) => name === 'fault billing-stall');
  t.equal(fault?.parentSpanId, scenario?.spanId, 'the stall has a window');
  const phases = spans.filter(({ attributes = [] }) =>
    attributes.some(({ key }) => key === 'leakbed.requests.ok'),
  );
  t.ok(phases.length > 3, `${phases.length} phases`);
  t.ok(spans.every((span) => BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)));
  t.ok(
    collector.logs().some(({ severityText }) => severityText === 'INFO'),
    'the verdict',
  );
  t.ok(collector.logs().every((record) => record.traceId === traceId));
});

test('what is not OTLP the same receiver refuses', { skip }, async (t) => {
  const { url } = await startCollector(t);
  for (const [body, status] of [
    ['{"resourceSpans":[]}', 200],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"AAAA"}]}]}]}', 400],
    ['{"resourceSpans":', 400],
  ] as const) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body });
    t.equal(answer.status, status, body);
  }
});
