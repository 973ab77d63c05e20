// What a profile says of a start comes about: the working folder, the environment, the port, and a
// hook before a consumer in Python of which nothing is changed.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { readProfile } from '../../../harness/profiles/profile.ts';
import { controlClient } from '../../../harness/runner/control-client.ts';
import { bringUp } from '../../../harness/subjects/gateway.ts';
import { healthy } from '../../../injectors/ambient/billing-stall.ts';
import { startMocks } from '../../../mocks/server.ts';

const script = fileURLToPath(new URL('../../fixtures/leaky_asgi.py', import.meta.url));

// Python's own file server, whose handler stands for a billing consumer.
const source = `
name: files
start:
  command:
    - python3
    - -c
    - |
      import os
      from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
      address = ("127.0.0.1", int(os.environ["SERVE_ON"]))
      ThreadingHTTPServer(address, SimpleHTTPRequestHandler).serve_forever()
  folder: ${dirname(script)}
  environment: { SERVE_ON: "{port}" }
url: http://127.0.0.1:{port}
ready: { path: /leaky_asgi.py, seconds: 30 }
requests: { bedrock: { chat: { path: /, model: none } } }
billing: { hook: "http.server:SimpleHTTPRequestHandler.do_GET" }
`;

test('a Python gateway runs in its folder, and its consumer is stalled and healed', async (t) => {
  await using mocks = await startMocks({ port: 0, seed: 1 });
  await using subject = await bringUp(
    { kind: 'profile', profile: readProfile(source, 'files.yaml') },
    {
      mocksUrl: mocks.url,
      environment: {},
      token: undefined,
      apiKey: 'leakbed',
      signal: AbortSignal.timeout(60_000),
    },
  );
  t.ok(subject.capabilities.has('billing-hook'));
  const get = () =>
    fetch(`${subject.url}/leaky_asgi.py`).then(
      ({ status }) => status,
      () => 'broken off',
    );
  t.equal(await get(), 200, 'a file of the folder');
  const stall = controlClient(mocks.url, undefined).billingStall('hook');
  await stall.set({ mode: 'error', delayMs: 0, nth: 1 });
  t.equal(await get(), 'broken off');
  await stall.set(healthy);
  t.equal(await get(), 200);
});
