// Requests of real clients, sent again to mocks that verify: as they were they must pass, and with
// any one byte changed they must be refused by the exception that fits.

import type { Test } from 'tap';
import type { Rng } from '../../../injectors/determinism.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { bytesOf, type CapturedRequest, replay } from '../../fixtures/captured-request.ts';
import { mutate } from '../../fixtures/signature-mutation.ts';

export const mutations = 200;

export async function checkMutations(
  t: Test,
  mocks: Mocks,
  requests: readonly CapturedRequest[],
  rng: Rng,
): Promise<void> {
  const passes = async (when: string) => {
    for (const request of requests) {
      const { status, errorType } = await replay(request, mocks);
      if (status === 403) t.fail(`${when}: ${request.method} ${request.target}: ${errorType}`);
    }
  };
  await passes('unchanged');
  const { lastSequence } = mocks.journal;
  const seen = new Set<string>();
  for (let index = 0; index < mutations; index++) {
    const part = rng.fork(String(index));
    const { what, request, errorType } = mutate(part.pick(requests), part);
    const reply = await replay(request, mocks);
    seen.add(what.split(' at ')[0] ?? '');
    if (reply.status === 403 && reply.errorType === errorType) continue;
    t.fail(`${index}: ${what}: ${reply.status} ${reply.errorType}, not 403 ${errorType}`);
    t.comment(bytesOf(request).toString('latin1').slice(0, 2000));
  }
  t.ok(seen.size >= 7, `places changed: ${[...seen].join(', ')}`);
  const refused = mocks.journal.since(lastSequence).filter(({ ending }) => ending === 'refused');
  t.equal(refused.length, mutations, 'every refusal is in the journal');
  await passes('unchanged, after all that');
}
