// "Cut after event k delivers exactly k events", in short; exact.ts repeats it a thousand times.

import { NodeHttpHandler } from '@smithy/node-http-handler';
import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { mocksFor, sdkClient } from '../../fixtures/bedrock-clients.ts';
import { cutStreams } from './exact-cuts.ts';

const ways = [
  { name: 'HTTP/2, a clean end', end: 'clean', config: {} },
  { name: 'HTTP/2, the connection closed', end: 'cut', config: {} },
  {
    name: 'HTTP/1.1, a clean end',
    end: 'clean',
    config: { requestHandler: new NodeHttpHandler() },
  },
] as const;

for (const { name, end, config } of ways) {
  test(`${name}: 60 seeded cuts deliver exactly the events before them`, async (t) => {
    const client = sdkClient(t, await mocksFor(t), config);
    let seen = 0;
    for await (const { directive, wanted, got, error } of cutStreams(
      client,
      end,
      60,
      seededRng(5).fork(name),
    )) {
      seen += 1;
      if (got !== wanted || error !== undefined) t.fail(`${directive}: ${got} events, ${error}`);
    }
    t.equal(seen, 60);
  });
}
