// A service whose clock is an hour off: the AWS SDK believes it, signs again with its time, and
// is then let in.

import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { test } from 'tap';
import { converseInput, mocksFor, sdkClient } from '../../fixtures/bedrock-clients.ts';

const refusal = { fault: 'error', options: { name: 'InvalidSignatureException' }, times: 1 };

for (const direction of ['ahead', 'behind'] as const) {
  test(`a refused signature and a Date one hour ${direction}: the second request succeeds`, async (t) => {
    const mocks = await mocksFor(t);
    const skew = { fault: 'clock-skew', options: { by: '60m', direction }, times: 1 };
    t.same(mocks.plan.set({ faults: [skew, refusal] }), []);
    const client = sdkClient(t, mocks);
    const signedAt: number[] = [];
    client.middlewareStack.add(
      (next) => (args) => {
        signedAt.push(signingTime(args.request));
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const { stopReason, $metadata } = await client.send(new ConverseCommand(converseInput('Hi')));
    t.equal(stopReason, 'end_turn');
    t.equal($metadata.attempts, 2);
    const [first = 0, second = 0] = signedAt;
    const shiftMs = 3_600_000 * (direction === 'ahead' ? 1 : -1);
    t.ok(Math.abs(second - first - shiftMs) < 60_000, `signed ${second - first} ms later`);
  });
}

test('a refused signature and a Date that is right: the error is the caller’s', async (t) => {
  const mocks = await mocksFor(t);
  t.same(mocks.plan.set({ faults: [refusal] }), []);
  const asked = sdkClient(t, mocks).send(new ConverseCommand(converseInput('Hi')));
  await t.rejects(asked, { name: 'InvalidSignatureException', $metadata: { attempts: 1 } });
});

test('a skewed Date on an answer that succeeds does not matter', async (t) => {
  const mocks = await mocksFor(t);
  t.same(mocks.plan.set({ faults: [{ fault: 'clock-skew' }] }), []);
  const answer = await sdkClient(t, mocks).send(new ConverseCommand(converseInput('Hi')));
  t.match(answer.$metadata, { attempts: 1, httpStatusCode: 200 });
});

/** Milliseconds of `x-amz-date`, which is written without punctuation. */
function signingTime(request: unknown): number {
  const { headers } = request as { readonly headers: Readonly<Record<string, string>> };
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-amz-date'] ?? '');
  const [, year, month, day, hour, minute, second] = (parts ?? []).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}
