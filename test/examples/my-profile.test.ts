// The profile of the guide "bring your own gateway", as a reader saves it, with the gateway of the
// README: it is started by leakbed, asked as the profile says, and ended.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { openGatewayClient } from '../../harness/load/gateway-client.ts';
import { encodeByProfile } from '../../harness/load/profiled-request.ts';
import { readProfile } from '../../harness/profiles/profile.ts';
import { bringUp } from '../../harness/subjects/gateway.ts';
import { providerEnvironment } from '../../harness/subjects/provider-environment.ts';
import { systemClock } from '../../injectors/determinism.ts';
import { startMocks } from '../../mocks/server.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test('the profile of the guide starts the gateway and both providers stream through it', async (t) => {
  const guide = await readFile(here('../../harness/profiles/README.md'), 'utf8');
  const yaml = /```yaml\n(.+?)```/s.exec(guide)?.[1] ?? '';
  // Beside this file, where the gateway finds its packages; the port is of its own choice here.
  const file = here(`./.my-gateway-${process.pid}.mjs`);
  const source = await readFile(here('./my-gateway.mjs'), 'utf8');
  await writeFile(file, source.replace('listen(8080', 'listen(Number(process.env.PORT)'));
  t.teardown(() => rm(file));
  const profile = readProfile(yaml.replace('my-gateway.mjs', file), 'of the guide');
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const subject = await bringUp(
    { kind: 'profile', profile },
    {
      mocksUrl: mocks.url,
      environment: providerEnvironment({ mocksUrl: mocks.url }),
      token: undefined,
      apiKey: 'leakbed',
      signal: AbortSignal.timeout(60_000),
    },
  );
  t.teardown(() => subject[Symbol.asyncDispose]());
  await using client = openGatewayClient({
    url: subject.url,
    apiPath: '',
    connectionLimit: 2,
    nowMs: systemClock.nowMs,
    encode: encodeByProfile(profile, {}),
  });
  for (const provider of ['bedrock', 'vertex'] as const) {
    const answer = await client.send({
      kind: 'chat',
      provider,
      model: 'the profile knows',
      prompt: 'Hi [[leakbed chunks=3 bytes=5]]',
      isStreamed: true,
    });
    t.match(answer, { outcome: 'ok', status: 200, eventCount: 3 }, provider);
  }
  t.equal(subject.pid === null, false, 'the process that listens is measured');
});
