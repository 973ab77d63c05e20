// The README's gateway, as a reader saves it: both providers answer through it, and it lets go of
// a provider's stream when its client leaves.

import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { providerEnvironment } from '../../harness/subjects/provider-environment.ts';
import { sleep, within } from '../../injectors/determinism.ts';
import { type Mocks, startMocks } from '../../mocks/server.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test('the gateway of the README', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const gateway = await startExample(mocks);
  t.teardown(gateway.stop);

  for (const model of ['us.anthropic.claude-sonnet-4-20250514-v1:0', 'gemini-2.5-flash']) {
    t.test(`${model} streams through it to [DONE]`, async (t) => {
      const answer = await gateway.chat(model, 'Hi [[leakbed chunks=3 bytes=5]]');
      const text = await answer.text();
      t.equal(text.match(/"content":"/g)?.length, 3);
      t.ok(text.endsWith('data: [DONE]\n\n'));
    });

    t.test(`${model}: a client that leaves ends the provider's stream`, async (t) => {
      const leave = new AbortController();
      const words = 'Hi [[leakbed chunks=10000 gap=5ms]]';
      const answer = await gateway.chat(model, words, leave.signal);
      await answer.body?.getReader().read();
      t.equal(mocks.journal.inFlight().length, 1);
      leave.abort();
      await within(5000, 'The stream goes on.', untilIdle(mocks));
    });
  }
});

async function untilIdle(mocks: Mocks): Promise<void> {
  while (mocks.journal.inFlight().length > 0) await sleep(5);
}

/** The example listens on a fixed port; here it is given a free one. */
async function startExample(mocks: Mocks) {
  const port = await freePort();
  const file = here(`./.my-gateway-${port}.mjs`);
  const source = await readFile(here('./my-gateway.mjs'), 'utf8');
  await writeFile(file, source.replace('listen(8080', `listen(${port}`));
  const env = { ...process.env, ...providerEnvironment({ mocksUrl: mocks.url }) };
  const child = spawn(process.execPath, [file], { env, stdio: 'inherit' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  const ready = async () => {
    while (!(await answers())) await sleep(20);
  };
  await within(20_000, 'The example does not start.', ready());
  return {
    chat: (model: string, content: string, signal: AbortSignal | null = null) =>
      fetch(`${url}/api/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model, messages: [{ role: 'user', content }], stream: true }),
        signal,
      }),
    async stop() {
      child.kill();
      await exited;
      await rm(file);
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
