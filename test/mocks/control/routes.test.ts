// What the control plane tells of itself and of the work done: its description and its metrics.

import { type Test, test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { bedrockPath, converseBody } from '../../fixtures/raw-clients.ts';

async function controlOf(t: Test) {
  const mocks = await startMocks({ port: 0, seed: 3 });
  t.teardown(() => mocks.close());
  const base = `${mocks.url}/__leakbed`;
  const converse = async (words: string) => {
    const answer = await fetch(`${mocks.url}${bedrockPath('converse')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: converseBody(`[[leakbed ${words}]]`),
    });
    return answer.status;
  };
  return { mocks, base, converse };
}

test('every route of the control plane is described, and nothing else', async (t) => {
  const { base } = await controlOf(t);
  const answer = await fetch(`${base}/docs`);
  const { openapi, paths } = (await answer.json()) as {
    openapi: string;
    paths: Record<string, Record<string, { summary?: string }>>;
  };
  t.equal(openapi, '3.1.0');
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace('/__leakbed', '')}`),
  );
  t.same(described.sort(), [
    'delete /plan',
    'delete /plan/faults/{id}',
    'delete /streams/{sequence}',
    'get /faults',
    'get /health',
    'get /journal',
    'get /live',
    'get /metrics',
    'get /plan',
    'get /plan/faults',
    'get /streams',
    'get /switches/{name}',
    'get /switches/{name}/seen',
    'post /live',
    'post /plan/faults',
    'post /reset',
    'post /switches/{name}/seen',
    'put /plan',
    'put /plan/faults/{id}',
    'put /plan/faults/{id}/switch',
    'put /plan/phase',
    'put /switches/{name}',
  ]);
  for (const [path, methods] of Object.entries(paths)) {
    for (const operation of Object.values(methods)) t.ok(operation.summary, path);
  }
});

test('a browser is shown the description as a page', async (t) => {
  const { base } = await controlOf(t);
  const answer = await fetch(`${base}/docs`, { headers: { accept: 'text/html' } });
  t.match(answer.headers.get('content-type'), /^text\/html/);
  const page = await answer.text();
  t.match(page, '<td>PUT</td><td><code>/__leakbed/plan</code></td>');
});

test('metrics count requests by how they ended, and faults that acted', async (t) => {
  const { base, converse } = await controlOf(t);
  const metric = async (line: string) => {
    const answer = await fetch(`${base}/metrics`);
    const text = await answer.text();
    return Number(
      text
        .split('\n')
        .find((row) => row.startsWith(`${line} `))
        ?.split(' ')[1],
    );
  };
  const ended = (ending: string) =>
    `leakbed_requests_total{provider="bedrock",operation="Converse",transport="http1",ending="${ending}"}`;
  t.ok(Number.isNaN(await metric(ended('complete'))));
  t.equal(await converse('chunks=1'), 200);
  t.equal(await converse('chunks=1'), 200);
  t.not(await converse('chunks=1 fault=error;name=throttling'), 200);
  t.equal(await metric(ended('complete')), 2);
  t.equal(await metric(ended('refused')), 1);
  t.equal(await metric('leakbed_streams_in_flight'), 0);
  t.ok((await metric('process_resident_memory_bytes')) > 10_000_000);
});
