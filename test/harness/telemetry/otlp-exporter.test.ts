// What is sent to a collector, and what becomes of a run whose collector is away, slow or refuses.

import { type Test, test } from 'tap';
import { openSpan } from '../../../harness/telemetry/open-span.ts';
import { headersFrom, openOtlpExporter } from '../../../harness/telemetry/otlp-exporter.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { otlpReceiver } from '../../fixtures/otlp-receiver.ts';

function exporterTo(url: string, headers = {}) {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const exporter = openOtlpExporter({ url, headers, resource: { 'service.name': 'it' }, warn });
  const add = (count: number) => {
    for (let index = 0; index < count; index++) {
      openSpan(`span ${index}`, { traceId: '0'.repeat(32), send: exporter.span }, 1).end(2);
    }
  };
  return { exporter, warnings, add, close: () => exporter[Symbol.asyncDispose]() };
}

const receiving = async (t: Test) => await otlpReceiver(t);

test('all spans arrive in order, in several requests, with the headers asked for', async (t) => {
  const receiver = await receiving(t);
  const { add, close, warnings } = exporterTo(receiver.url, { 'api-key': 'secret' });
  add(1_100);
  await close();
  t.same(
    receiver.spans.map(({ name }) => name),
    Array.from({ length: 1_100 }, (_, index) => `span ${index}`),
  );
  t.equal(receiver.headers.length, 3, '512 at once');
  t.equal(receiver.headers[0]?.['api-key'], 'secret');
  t.same(warnings, []);
});

test('beyond 2,048 the oldest make room and are counted', async (t) => {
  const receiver = await receiving(t);
  const { add, close, warnings } = exporterTo(receiver.url);
  add(2_050);
  await close();
  t.equal(receiver.spans.length, 2_048);
  t.equal(receiver.spans[0]?.name, 'span 2');
  t.match(warnings, [/^2 events of the run were not sent/]);
});

test('a collector that is away is told of once, and then what was lost', async (t) => {
  const { add, close, warnings } = exporterTo(`http://127.0.0.1:${await freePort()}`);
  add(3);
  await close();
  t.equal(warnings.length, 2);
  t.match(warnings[0], /^Cannot send the run's events to http:.*ECONNREFUSED.*The run goes on/);
  t.match(warnings[1], /^3 events/);
});

test('a collector that was busy is asked again, one that refuses is not', async (t) => {
  for (const [status, arrives] of [
    [503, true],
    [400, false],
  ] as const) {
    const receiver = await receiving(t);
    const { add, close, warnings } = exporterTo(receiver.url);
    receiver.status = status;
    add(1);
    // The batch goes after a second; the answer is then changed for the last one.
    while (receiver.headers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    receiver.status = 200;
    await close();
    t.equal(receiver.spans.length, arrives ? 1 : 0, `${status}`);
    t.match(warnings[0], new RegExp(`answers ${status}`));
    t.equal(warnings.length, arrives ? 1 : 2);
  }
});

test('the URL and the reason carry no credentials', async (t) => {
  const { add, close, warnings } = exporterTo('http://me:hunter2@127.0.0.1:1');
  add(1);
  await close();
  t.notMatch(warnings.join(), /hunter2/);
});

test('headers are read as OTEL_EXPORTER_OTLP_HEADERS writes them', async (t) => {
  t.same(headersFrom('api-key=a%20b, tenant=c=d,broken,=x'), { 'api-key': 'a b', tenant: 'c=d' });
  t.same(headersFrom('a=%zz'), { a: '%zz' });
  t.same(headersFrom(undefined), {});
});
