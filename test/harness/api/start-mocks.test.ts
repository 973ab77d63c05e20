// The fake providers in the hand of a test: their environment, their plan, their end.

import { test } from 'tap';
import { type Mocks, startMocks } from '../../../harness/api/index.ts';

const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hello' }] }] });

/** Asks as an SDK does that was given the variables. */
const ask = async ({ env }: Mocks) => {
  const url = `${env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME}/model/amazon.nova-lite-v1:0/converse`;
  const headers = { 'content-type': 'application/json' };
  return await fetch(url, { method: 'POST', headers, body });
};
const throttling = { faults: [{ fault: 'status', options: { code: 429 } }] };

test('they answer, follow plans, keep a journal, and are gone after close', async (t) => {
  const mocks = await startMocks({ seed: 7, plan: throttling });
  t.equal(mocks.seed, 7);
  t.equal((await ask(mocks)).status, 429, 'the plan from the start');
  await mocks.clearPlan();
  t.equal((await ask(mocks)).status, 200, 'no plan');
  await mocks.setPlan({
    faults: [{ ...throttling.faults[0], fault: 'status', when: { phase: 'p' } }],
  });
  t.equal((await ask(mocks)).status, 200, 'a plan for another phase');
  await mocks.enterPhase('p');
  t.equal((await ask(mocks)).status, 429, 'the phase is on');
  const endings = (await mocks.journal()).map(({ operation, ending }) => `${operation} ${ending}`);
  t.strictSame(
    endings,
    ['refused', 'complete', 'complete', 'refused'].map((end) => `Converse ${end}`),
  );
  await mocks.reset();
  t.strictSame(await mocks.journal(), []);
  await mocks.close();
  await t.rejects(ask(mocks));
});

test('a plan with slips is refused with all of them, at the start and later', async (t) => {
  const plan = { faults: [{ fault: 'trncate' }, { fault: 'stal' }] };
  await t.rejects(startMocks({ plan }), { message: /"truncate".*"stall"/s });
  await using mocks = await startMocks();
  await t.rejects(mocks.setPlan(plan), { message: /truncate.*stall/s });
});

test('a port that is taken is told', async (t) => {
  await using mocks = await startMocks();
  const { port } = new URL(mocks.url);
  await t.rejects(startMocks({ port: Number(port) }), { message: /the port is in use/ });
});
