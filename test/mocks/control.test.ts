// The control plane over HTTP: who may come in, what it takes, and the long poll of switches.

import { request as httpRequest } from 'node:http';
import { type Test, test } from 'tap';
import { type MocksOptions, startMocks } from '../../mocks/server.ts';
import {
  bedrockPath,
  converseBody,
  http1Request,
  openHttp2,
  rawHttp1,
  rawHttp2,
} from '../fixtures/raw-clients.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const converse = http1Request(bedrockPath('converse'), converseBody('[[leakbed chunks=1]]'));

async function controlOf(t: Test, options: MocksOptions = {}) {
  const mocks = await startMocks({ port: 0, seed: 3, ...options });
  t.teardown(() => mocks.close());
  const base = `${mocks.url}/__leakbed`;
  const call = async (method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { mocks, base, call };
}

/** Headers that fetch would not send. */
async function statusFor(
  { host, port }: { host: string; port: number },
  head: readonly string[],
  version = '1.1',
): Promise<number> {
  const text = [`GET /__leakbed/health HTTP/${version}`, ...head, '', ''].join('\r\n');
  const [answer] = await rawHttp1({ host, port }, text);
  return answer?.status ?? 0;
}

test('pages of another origin are refused, and of our own served', async (t) => {
  const { mocks } = await controlOf(t);
  const own = `127.0.0.1:${mocks.port}`;
  t.equal(await statusFor(mocks, [`host: ${own}`]), 200);
  t.equal(await statusFor(mocks, [`host: ${own}`, `origin: http://${own}`]), 200);
  t.equal(await statusFor(mocks, [`host: localhost:${mocks.port}`]), 200);
  t.equal(await statusFor(mocks, [`host: [::1]:${mocks.port}`]), 200);
  for (const origin of ['null', `https://${own}`, 'http://evil.test', `http://${own}.evil.test`]) {
    t.equal(await statusFor(mocks, [`host: ${own}`, `origin: ${origin}`]), 403, origin);
  }
});

test('a name that was pointed at our address is refused without a token', async (t) => {
  const { mocks } = await controlOf(t);
  for (const host of ['evil.test', '127.0.0.1.evil.test:80', '']) {
    t.equal(await statusFor(mocks, [`host: ${host}`, 'connection: close']), 403, host);
  }
  t.equal(await statusFor(mocks, ['connection: close']), 400, 'HTTP/1.1 demands a host');
  t.equal(await statusFor(mocks, ['origin: http://undefined'], '1.0'), 403);
});

test('over HTTP/2 the same rules hold for the authority', async (t) => {
  const { mocks } = await controlOf(t);
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  const health = (headers: Record<string, string>) =>
    rawHttp2(session, {
      path: '/__leakbed/health',
      body: '',
      headers: { ':method': 'GET', ...headers },
    });
  t.equal((await health({})).status, 200);
  t.equal((await health({ origin: 'http://evil.test' })).status, 403);
  t.equal((await health({ ':authority': 'evil.test' })).status, 403);
});

test('with a token every request needs exactly that token', async (t) => {
  const { call } = await controlOf(t, { token: 'secret', host: '0.0.0.0' });
  const wrong = [
    undefined,
    'secret',
    'Bearer',
    'Bearer ',
    'Bearer secre',
    'Bearer secrets',
    'bearer secret',
  ];
  for (const given of wrong) {
    const headers = given === undefined ? {} : { authorization: given };
    const { status, body } = await call('GET', '/plan', undefined, headers);
    t.equal(status, 401, String(given));
    t.match(body.error, /LEAKBED_TOKEN/);
  }
  const headers = { authorization: 'Bearer secret' };
  t.equal((await call('GET', '/plan', undefined, headers)).status, 200);
});

test('what cannot be read is refused in one shape', async (t) => {
  const { call } = await controlOf(t);
  const rows = [
    [await call('PUT', '/plan', '{"faults":'), 400],
    [
      await call('PUT', '/plan', 'faults=1', {
        'content-type': 'application/x-www-form-urlencoded',
      }),
      415,
    ],
    [await call('PUT', '/plan', '{"faults":[]}', { 'content-type': 'text/plain' }), 400],
    [await call('PUT', '/plan', ' '.repeat(1_048_577)), 413],
    [await call('GET', '/journal?since=x'), 400],
    [await call('GET', '/switches/nope'), 404],
    [await call('PUT', '/switches/toString', { mode: 'stuck' }), 404],
    [await call('PUT', '/switches/billing-stall', { mode: 'asleep' }), 400],
    [await call('PUT', '/switches/billing-stall-wire', { mode: 'poison' }), 400],
    [await call('PUT', '/switches/billing-stall', { mode: 3, delayMs: -1 }), 400],
  ] as const;
  rows.forEach(([answer, status], index) => {
    t.equal(answer.status, status, `row ${index}`);
    t.type(answer.body.error, 'string');
  });
});

test('a plan is set, told, added to and cleared; a bad one changes nothing', async (t) => {
  const { call } = await controlOf(t);
  const stall = { fault: 'stall', options: { for: '1ms' } };
  t.equal((await call('PUT', '/plan', { faults: [stall] })).status, 200);
  const bad = await call('PUT', '/plan', { faults: [{ fault: 'nope' }, { fault: 'abort' }, 3] });
  t.equal(bad.status, 400);
  t.equal(bad.body.problems.length, 3);
  t.equal((await call('POST', '/plan/faults', { fault: 'reset', times: 1.5 })).status, 400);
  t.same((await call('GET', '/plan')).body, { faults: [stall] });
  t.equal((await call('POST', '/plan/faults', { fault: 'reset' })).status, 200);
  const phased = await call('PUT', '/plan/phase', { phase: 'stress' });
  t.equal(phased.body.phase, 'stress');
  t.notOk('phase' in (await call('PUT', '/plan/phase', { phase: '' })).body);
  t.equal((await call('POST', '/plan/faults', { fault: 'slow' })).status, 400, 'reset is last');
  t.equal((await call('GET', '/plan')).body.faults.length, 2);
  t.equal((await call('DELETE', '/plan')).status, 204);
  t.same((await call('GET', '/plan')).body, { faults: [] });
});

test('a poll of a switch is woken by a change, and told at once what it missed', async (t) => {
  const { call } = await controlOf(t);
  const { version } = (await call('GET', '/switches/billing-stall')).body;
  const waiting = call('GET', `/switches/billing-stall?since=${version}`);
  await call('PUT', '/switches/billing-stall', { mode: 'slow', delayMs: 5 });
  const changed = { version: version + 1, mode: 'slow', delayMs: 5, nth: 1 };
  t.same((await waiting).body, changed);
  t.same((await call('GET', `/switches/billing-stall?since=${version}`)).body, changed);
});

test('a poll whose client goes leaves no waiter', async (t) => {
  const { mocks, base } = await controlOf(t);
  const { version } = mocks.switches['billing-stall'].state;
  const polls = Array.from({ length: 50 }, () => {
    const poll = httpRequest(`${base}/switches/billing-stall?since=${version}`, { agent: false });
    poll.on('error', () => undefined);
    poll.end();
    return poll;
  });
  const waits = mocks.switches['billing-stall'];
  while (waits.waiting < 50) await turn();
  for (const poll of polls) poll.destroy();
  while (waits.waiting > 0) await turn();
  t.equal(waits.waiting, 0);
});

test('the journal keeps its newest entries and no more', async (t) => {
  const { mocks, call } = await controlOf(t, { journalCapacity: 100 });
  await rawHttp1(mocks, converse.repeat(250), { count: 250 });
  const { last, entries } = (await call('GET', '/journal')).body;
  t.equal(last, 250);
  t.same(
    entries.map(({ sequence }: { sequence: number }) => sequence),
    Array.from({ length: 100 }, (_, index) => 151 + index),
  );
  t.equal((await call('GET', '/journal?since=240')).body.entries.length, 10);
  t.equal((await call('POST', '/reset')).status, 204);
  t.same((await call('GET', '/journal')).body, { last: 250, entries: [] });
});
