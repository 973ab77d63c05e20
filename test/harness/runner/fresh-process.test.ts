// Each scenario meets a gateway that leakbed starts as a fresh process, and one that ran before as
// the same. What the gateway wrote is kept beside the record, without its secrets.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'tap';
import { leakyAppPath, startLeakyApp } from '../../fixtures/leaky-subject.ts';
import { lookOnce } from '../../fixtures/one-look.ts';

test('a command is started anew for each scenario, and its output kept', async (t) => {
  const says = `console.log("API_KEY=sk-0123456789abcdef01"); await import("${leakyAppPath}")`;
  const command = [process.execPath, '--input-type=module', '-e', says] as const;
  const gateway = { kind: 'command', command: [...command], url: undefined } as const;
  const [first, second] = [await lookOnce(t, gateway), await lookOnce(t, gateway)];
  t.type(first.record.header.gateway.pid, 'number');
  t.not(first.record.header.gateway.pid, second.record.header.gateway.pid);
  const log = await readFile(join(first.dir, 'gateway.log'), 'utf8');
  t.match(log, '{"url":');
  t.match(log, 'API_KEY=[redacted]');
});

test('a gateway that runs already is the same for both', async (t) => {
  const app = await startLeakyApp(t);
  const gateway = { kind: 'pid', pid: app.pid ?? 0, url: app.url } as const;
  for (const { record } of [await lookOnce(t, gateway), await lookOnce(t, gateway)]) {
    t.equal(record.header.gateway.pid, app.pid);
  }
});
