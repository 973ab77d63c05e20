// A bidirectional stream of a real client under `--auth verify`: as it was it is answered, and with
// one byte of one event changed it ends with the exception that fits, whatever came before.

import type { Test } from 'tap';
import type { Rng } from '../../../injectors/determinism.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { type CapturedRequest, replay } from '../../fixtures/captured-request.ts';
import { chainOf, changeOne, encodeChain, refusals } from './chain.ts';
import { mutations } from './check-mutations.ts';

export async function checkChain(
  t: Test,
  mocks: Mocks,
  request: CapturedRequest,
  rng: Rng,
): Promise<void> {
  const { signing, events } = chainOf(request);
  t.same(refusals(events, signing), [], 'every event verifies, the empty one at the end too');
  t.equal(events.at(-1)?.payload.length, 0);
  t.equal((await replay(request, mocks)).status, 200, 'unchanged');
  for (let index = 0; index < mutations; index++) {
    const { what, at, changed } = changeOne(events, rng.fork(String(index)));
    const refused = refusals(changed, signing);
    const expected = events.map((_, place) => place).slice(at);
    if (refused.join() !== expected.join()) t.fail(`${index}: ${what}: ${refused}`);
    const reply = await replay({ ...request, body: encodeChain(changed) }, mocks);
    // What was asked for before the changed event is answered first.
    const isRefused =
      reply.status === 200
        ? reply.body.includes('InvalidSignatureException')
        : `${reply.status} ${reply.errorType}` === '403 InvalidSignatureException';
    if (!isRefused) t.fail(`${index}: ${what}: ${reply.status} ${reply.errorType}`);
  }
}
