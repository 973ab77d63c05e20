// "Cut after event k delivers exactly k events", repeated: over HTTP/2 with a clean end and with the
// connection closed, over HTTP/1.1 with a clean end. Takes minutes, so it is not part of the suite:
//   node test/conformance/bedrock/exact.ts [repeats, default 1000] [seed, default 1]

import { NodeHttpHandler } from '@smithy/node-http-handler';
import { seededRng } from '../../../injectors/determinism.ts';
import { startMocks } from '../../../mocks/server.ts';
import { sdkClient } from '../../fixtures/bedrock-clients.ts';
import { cutStreams } from './exact-cuts.ts';

const count = Number(process.argv[2] ?? 1000);
const seed = Number(process.argv[3] ?? 1);
const ways = [
  { name: 'HTTP/2, clean end', end: 'clean', config: {} },
  { name: 'HTTP/2, closed', end: 'cut', config: {} },
  { name: 'HTTP/1.1, clean end', end: 'clean', config: { requestHandler: new NodeHttpHandler() } },
] as const;

for (const { name, end, config } of ways) {
  await using mocks = await startMocks({ port: 0, seed });
  const teardowns: (() => void)[] = [];
  const owner = { teardown: (action: () => void) => void teardowns.push(action) };
  const client = sdkClient(owner, mocks, config);
  let exact = 0;
  for await (const cut of cutStreams(client, end, count, seededRng(seed).fork(name))) {
    if (cut.got === cut.wanted && cut.error === undefined) exact += 1;
    else process.stdout.write(`${name}: ${JSON.stringify(cut)}\n`);
  }
  for (const action of teardowns) action();
  process.stdout.write(`${name}: ${exact} of ${count} exact (seed ${seed})\n`);
  if (exact < count) process.exitCode = 1;
}
