// A real server in front of which the faults stand: nginx serves a recorded stream to the AWS SDK,
// and bodies of 1 GiB, which may not stay in the proxy's memory.

import { spawnSync } from 'node:child_process';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { type Test, test } from 'tap';
import { request } from 'undici';
import { parseFaultWords } from '../../../injectors/plan.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { sdkClient } from '../../fixtures/bedrock-clients.ts';
import { freshOut } from '../../fixtures/command-line.ts';
import { startLeakbedProcess } from '../../fixtures/leakbed-process.ts';
import { findNginx, startNginx } from '../../fixtures/nginx.ts';
import {
  bedrockPath,
  claude,
  converseBody,
  http1Request,
  rawHttp1,
} from '../../fixtures/raw-clients.ts';
import { serving } from '../../fixtures/serving-mocks.ts';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
const eighth = gibibyte / 8;
const addedLimitBytes = 32 * mebibyte;
/** V8 lets 64 MiB of dead buffers lie before it collects them. */
const garbageLimitBytes = 160 * mebibyte;
const found = await findNginx();
const needed = 'reason' in found ? { skip: `nginx: ${found.reason}` } : {};
const patient = { ...needed, timeout: 240_000 };
const program = 'reason' in found ? '' : found.program;

for (const [fault, outcome] of [
  ['noop', 'ok 44'],
  // Over HTTP/2 this SDK takes the end of a connection for the end of a stream.
  ['truncate;at=3;end=cut', 'ok 3'],
  ['corrupt;at=2', 'Error 1'],
  ['exception;name=throttling;at=4', 'ThrottlingException 4'],
  ['split;bytes=3', 'ok 44'],
  ['malformed-json;at=3', 'SyntaxError 2'],
] as const) {
  test(`a stream of nginx under ${fault} is "${outcome}" to the AWS SDK`, needed, async (t) => {
    const url = await nginxWith(t, async (files) => {
      const { mocks } = await serving(t);
      const asked = http1Request(bedrockPath('converse-stream'), converseBody(''));
      const [answer] = await rawHttp1(mocks, asked);
      const folder = join(files, 'model', claude);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'converse-stream'), answer?.body ?? '');
    });
    const { mocks: proxy } = await serving(t, { upstream: new URL(url) });
    t.same(proxy.plan.set({ faults: [parseFaultWords(fault)] }), []);
    t.equal(await streamed(t, proxy), outcome);
  });
}

for (const [name, words] of [
  ['piece.bin', ''],
  // Zeros are one endless event: the worst there is to take apart.
  ['event.sse', 'fault=slow;gap=0ms'],
] as const) {
  const how = words === '' ? 'untouched' : `under ${words}`;
  test(`1 GiB of ${name}, ${how}, keeps at most 32 MiB`, patient, async (t) => {
    const url = await nginxWith(t, async (files) => {
      const file = await open(join(files, name), 'w');
      await file.truncate(gibibyte);
      await file.close();
    });
    const proxy = await startLeakbedProcess(['mocks', '--port', '0', '--upstream', url]);
    t.teardown(() => proxy.stop());
    const { url: at } = proxy.ready as { readonly url: string };
    // The first answer brings code and pools into memory.
    await (await request(`${at}/nosuch`)).body.dump();
    const before = { live: await proxy.liveBytes(), rss: proxy.rssBytes() };
    let live = 0;
    let rss = 0;
    let bytes = 0;
    const { body } = await request(`${at}/${name}`, { headers: { 'x-leakbed': words } });
    for await (const chunk of body) {
      if (Math.floor(bytes / eighth) < Math.floor((bytes + chunk.length) / eighth)) {
        rss = Math.max(rss, proxy.rssBytes() - before.rss);
        // Nobody reads meanwhile, and what the upstream would send waits there.
        live = Math.max(live, (await proxy.liveBytes()) - before.live);
      }
      bytes += chunk.length;
    }
    t.equal(bytes, gibibyte);
    const [liveMiB, rssMiB] = [live, rss].map((sum) => (sum / mebibyte).toFixed(1));
    t.comment(`${liveMiB} MiB live; ${rssMiB} MiB resident, with what V8 has not collected yet`);
    t.ok(live <= addedLimitBytes, `${liveMiB} MiB live`);
    t.ok(rss <= garbageLimitBytes, `${rssMiB} MiB resident`);
  });
}

async function streamed(t: Test, mocks: Mocks): Promise<string> {
  const messages = [{ role: 'user' as const, content: [{ text: 'Hi.' }] }];
  const command = new ConverseStreamCommand({ modelId: claude, messages });
  let events = 0;
  try {
    const { stream } = await sdkClient(t, mocks, { maxAttempts: 1 }).send(command);
    for await (const _ of stream ?? []) events += 1;
    return `ok ${events}`;
  } catch (error) {
    return `${error instanceof Error ? error.name : error} ${events}`;
  }
}

async function nginxWith(t: Test, fill: (files: string) => Promise<void>): Promise<string> {
  const folder = await freshOut(t);
  const files = join(folder, 'files');
  await mkdir(files);
  await fill(files);
  // Its workers are another user where it is started by root.
  spawnSync('chmod', ['-R', 'a+rX', folder]);
  const nginx = await startNginx(program, folder);
  t.teardown(nginx.stop);
  return nginx.url;
}
