// Pages in a real browser: one of another origin can neither read nor change what the fakes do,
// one of the control plane itself can do both.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Test, test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { launchChromium, needsChromium } from '../../fixtures/chromium.ts';

/** Runs in the page: everything a page may try; each ends as what it could read, or `refused`. */
async function tryAll(base: string) {
  const read = async (path: string, init?: RequestInit) => {
    try {
      const answer = await fetch(`${base}${path}`, init);
      return answer.type === 'opaque' ? 'opaque' : `${answer.status} ${await answer.text()}`;
    } catch {
      return 'refused';
    }
  };
  const plan = '{"faults":[{"fault":"hang"}]}';
  const json = { 'content-type': 'application/json' };
  const listen = () =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`${base.replace('http', 'ws')}/live`);
      socket.onmessage = ({ data }) => resolve(String(data).slice(0, 15));
      socket.onclose = () => resolve('refused');
    });
  return {
    plan: await read('/plan'),
    blindPlan: await read('/plan', { mode: 'no-cors' }),
    journal: await read('/journal'),
    put: await read('/plan', { method: 'PUT', headers: json, body: plan }),
    blindPost: await read('/plan/faults', { method: 'POST', mode: 'no-cors', body: plan }),
    reset: await read('/reset', { method: 'POST', mode: 'no-cors' }),
    live: await listen(),
  };
}

async function pageAt(t: Test, url: string) {
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

async function servedPage(t: Test): Promise<number> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<title>elsewhere</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('a page of another origin neither reads nor changes anything', needsChromium, async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1, plan: { faults: [{ fault: 'slow' }] } });
  t.teardown(() => mocks.close());
  const page = await pageAt(t, `http://localhost:${await servedPage(t)}/`);
  t.same(await page.evaluate(tryAll, `${mocks.url}/__leakbed`), {
    plan: 'refused',
    blindPlan: 'opaque',
    journal: 'refused',
    put: 'refused',
    blindPost: 'opaque',
    reset: 'opaque',
    live: 'refused',
  });
  t.match(mocks.plan.current(), { faults: [{ fault: 'slow' }] }, 'the plan is as it was');
});

test('a form of another origin changes nothing', needsChromium, async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1, plan: { faults: [{ fault: 'slow' }] } });
  t.teardown(() => mocks.close());
  const page = await pageAt(t, `http://localhost:${await servedPage(t)}/`);
  const answered = page.waitForResponse(`${mocks.url}/__leakbed/reset`);
  await page.setContent(`<form method="post" action="${mocks.url}/__leakbed/reset"></form>`);
  await page.evaluate('document.forms[0].submit()');
  t.equal((await answered).status(), 403);
  t.match(mocks.plan.current(), { faults: [{ fault: 'slow' }] });
});

test('a page of the control plane itself may do all of it', needsChromium, async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1, plan: { faults: [{ fault: 'slow' }] } });
  t.teardown(() => mocks.close());
  const page = await pageAt(t, `${mocks.url}/__leakbed/docs`);
  const seen = await page.evaluate(tryAll, `${mocks.url}/__leakbed`);
  t.match(seen, { plan: /^200 .*slow/, journal: /^200 /, put: /^200 .*hang/, reset: /^204 / });
  t.equal(seen.live, '{"type":"hello"');
  t.same(mocks.plan.current().faults, []);
});
