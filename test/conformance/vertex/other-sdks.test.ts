// The other SDKs: text, thoughts and tool calls, whole and streamed, and what each makes of errors
// and of streams that end too early.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { openAuthority } from '../../../mocks/tls/authority.ts';
import { aiSdkEmbeddings, vertexSdks } from '../../fixtures/vertex-sdks.ts';

const words = (directive: string) => `hi [[leakbed ${directive}]]`;

test('other SDKs of Vertex AI', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-ca-'));
  const authority = await openAuthority({ folder, now: new Date() });
  setDefaultCACertificates([await readFile(authority.caFile, 'utf8')]);
  const mocks = await startMocks({ port: 0, seed: 1, authority });
  t.teardown(async () => {
    await mocks.close();
    await rm(folder, { recursive: true });
  });

  for (const client of vertexSdks(mocks)) {
    t.test(`${client.name} reads a whole answer`, async (t) => {
      t.match(await client.whole(words('chunks=3 bytes=5')), { text: 15, tools: [] });
    });
    t.test(`${client.name} reads a stream`, async (t) => {
      t.match(await client.streamed(words('chunks=3 bytes=5')), { text: 15, tools: [] });
    });
    t.test(`${client.name} reads tool calls, whole and streamed`, async (t) => {
      const wanted = { text: 5, tools: ['weather', 'weather'] };
      t.match(await client.whole(words('chunks=1 bytes=5 tool=2')), wanted);
      t.match(await client.streamed(words('chunks=1 bytes=5 tool=2')), wanted);
    });
    t.test(`${client.name} tells of an error in place of an answer`, async (t) => {
      await t.rejects(client.whole(words('fault=error;name=quota')));
      await t.rejects(client.streamed(words('fault=error;name=quota')));
    });
    t.test(`${client.name} tells of a connection that breaks`, async (t) => {
      await t.rejects(client.streamed(words('chunks=5 fault=reset;at=4')));
    });
    if (client.name.startsWith('AI SDK')) {
      t.test(`${client.name} reads thoughts, whole and streamed`, async (t) => {
        const wanted = { text: 5, reasoning: 10 };
        t.match(await client.whole(words('chunks=1 bytes=5 thinking=2')), wanted);
        t.match(await client.streamed(words('chunks=1 bytes=5 thinking=2')), wanted);
      });
    }
  }

  t.test('the AI SDK embeds', async (t) => {
    const sizes = await aiSdkEmbeddings(mocks, ['abcd', 'efgh']);
    t.same(sizes, { sizes: [768, 768], tokens: 2 });
  });
});
