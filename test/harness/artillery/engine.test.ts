// Virtual users of Artillery against a small server: what they send, what is counted of it.

import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { runUsers } from '../../fixtures/artillery-user.ts';
import { startOpenAiServer } from '../../fixtures/openai-server.ts';

const stream = (model: string, more: object = {}) => ({ stream: { model, ...more }, name: 'a' });

test('a stream is counted with its events and its times', async (t) => {
  const server = await startOpenAiServer(t, true);
  const flow = [stream('complete')];
  const { counters, histograms } = await runUsers({ target: server.url, flow });
  t.match(counters, {
    'leakbed.requests': 1,
    'leakbed.requests.a': 1,
    'leakbed.ok': 1,
    'leakbed.ok.a': 1,
    'leakbed.codes.200': 1,
  });
  t.ok((counters['leakbed.events'] ?? 0) > 0);
  t.match(histograms, { 'leakbed.ttft.a': 1, 'leakbed.response_time.a': 1 });
});

test('a client fault acts, is counted, and no time is told of what was left', async (t) => {
  const server = await startOpenAiServer(t, true);
  const flow = [stream('endless', { clientFault: 'abort;at=3' })];
  const { counters, histograms, failures } = await runUsers({ target: server.url, flow });
  t.match(counters, { 'leakbed.aborted.a': 1, 'leakbed.faults.abort': 1, 'leakbed.events': 3 });
  t.equal(histograms['leakbed.response_time'], undefined);
  t.strictSame(failures, []);
});

test('an error is told by its kind, and the user goes on', async (t) => {
  const server = await startOpenAiServer(t, true);
  const flow = [stream('busy'), stream('complete')];
  const { counters, errors } = await runUsers({ target: server.url, flow });
  t.strictSame(errors, ['HTTP 503']);
  t.equal(counters['leakbed.ok'], 1);
});

test('variables of the script come into the request', async (t) => {
  const server = await startOpenAiServer(t, true);
  const flow = [stream('{{ model }}', { question: 'Why {{ topic }}?' })];
  await runUsers({ target: server.url, flow, vars: { model: 'complete', topic: 'leaks' } });
  t.match(JSON.stringify(server.seen), /Why leaks\? \d+/);
});

test('one seed asks the same questions, another one others', async (t) => {
  const asked = async (seed: number) => {
    const server = await startOpenAiServer(t, true);
    const mixed = [1, 2, 3].map((part) => ({ stream: { model: 'complete' }, name: `${part}` }));
    const flow = [{ loop: [{ mix: mixed }], count: 5 }];
    await runUsers({ target: server.url, flow, engine: { seed }, userCount: 2 });
    return server.seen.map(({ body }) => JSON.stringify(body));
  };
  const [first, again, other] = [await asked(1), await asked(1), await asked(2)];
  t.equal(first.length, 10);
  t.strictSame(again, first);
  t.notSame(other, first);
  t.equal(new Set(first).size, 10, 'no two questions are alike');
});

test('each request has an id of the run, the worker and its number', async (t) => {
  const server = await startOpenAiServer(t, true);
  await runUsers({ target: server.url, flow: [stream('complete'), stream('complete')] });
  const ids = server.seen.map(({ headers }) => headers['x-request-id']);
  t.strictSame(ids, ['test-0-1', 'test-0-2']);
});

test('a plan is put in force at the fakes', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const flow = [{ plan: { faults: [{ fault: 'truncate', options: { at: '50%' } }] } }];
  await runUsers({ target: mocks.url, flow, engine: { mocks: mocks.url } });
  t.match(mocks.plan.current().faults, [{ fault: 'truncate' }]);
});

for (const [what, flow, engine, message] of [
  ['an unknown step', [{ strem: {} }], {}, /Cannot run step "strem".*"stream"/],
  ['an unknown part of a mix', [{ mix: [{ chatt: {} }] }], {}, /Cannot ask for "chatt".*"chat"/],
  ['an unknown fault', [stream('m', { clientFault: 'abrot' })], {}, /"abrot".*"abort"/],
  ['a plan without fakes', [{ plan: { faults: [] } }], {}, /leakbed\.mocks says where/],
  ['a plan with a slip', [{ plan: { faults: [{ fault: 'trncate' }] } }], {}, /"truncate"/],
  ['an unknown option', [], { sead: 1 }, /Cannot use engine option "sead".*"seed"/],
  ['a seed that is no number', [], { seed: 'x' }, /seed=x: give a whole number/],
] as const) {
  test(`${what} is refused when the script is loaded`, async (t) => {
    await t.rejects(runUsers({ target: 'http://127.0.0.1:1', flow, engine }), { message });
  });
}
