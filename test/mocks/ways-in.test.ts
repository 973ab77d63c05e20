// The five ways in which an answer is told what to be, on every provider and transport, and which
// of them wins.

import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Test, test } from 'tap';
import { type Mocks, type MocksOptions, startMocks } from '../../mocks/server.ts';
import { claude, converseBody, http1Request, rawHttp1 } from '../fixtures/raw-clients.ts';
import { signedClient } from '../fixtures/signed-clients.ts';
import { type Said, wirePaths } from '../fixtures/wire-paths.ts';

async function mocksFor(t: Test, options: MocksOptions = {}): Promise<Mocks> {
  const mocks = await startMocks({ port: 0, seed: 3, ...options });
  t.teardown(() => mocks.close());
  return mocks;
}

const entryOf = (mocks: Mocks) => mocks.journal.since(0).at(-1);

const three = 'truncate;at=3';
const places: readonly (readonly [place: string, said: Said])[] = [
  ['prompt', { prompt: `fault=${three}` }],
  ['model suffix, raw', { suffix: `~${three}` }],
  ['model suffix, encoded', { suffix: `%7E${encodeURIComponent(three)}` }],
  ['header', { header: `fault=${three}` }],
];

for (const path of wirePaths) {
  // An id that travels inside a message is not encoded for a path.
  const isInPath = path.framing !== 'grpc' && path.framing !== 'websocket';
  for (const [place, said] of places.filter(([name]) => isInPath || !/encoded/.test(name))) {
    test(`${path.name}: the ${place} disturbs this answer`, async (t) => {
      const mocks = await mocksFor(t);
      await path.ask(mocks, said);
      const { model, faults, events, ending } = entryOf(mocks) ?? {};
      t.same({ faults, events, ending }, { faults: ['truncate'], events: 3, ending: 'complete' });
      t.equal(model, path.model, 'journalled without what stood behind it');
    });
  }

  test(`${path.name}: the plan disturbs what it matches, the defaults all else`, async (t) => {
    const mocks = await mocksFor(t);
    const match = { provider: path.provider, model: `*${path.model.slice(3)}` };
    mocks.plan.set({ faults: [{ fault: 'truncate', options: { at: 3 }, match, times: 1 }] });
    await path.ask(mocks, {});
    t.same([entryOf(mocks)?.faults, entryOf(mocks)?.events], [['truncate'], 3]);
    await path.ask(mocks, {});
    t.same(entryOf(mocks)?.faults, []);
    t.ok((entryOf(mocks)?.events ?? 0) >= 40, 'forty pieces and what is around them');
  });

  test(`${path.name}: prompt before suffix before header before plan`, async (t) => {
    const mocks = await mocksFor(t);
    mocks.plan.set({ faults: [{ fault: 'truncate', options: { at: 4 } }] });
    const all = { prompt: 'fault=truncate;at=1', suffix: '~truncate;at=2' };
    const header = 'fault=truncate;at=3';
    const events = async (said: Said) => {
      await path.ask(mocks, said);
      return entryOf(mocks)?.events;
    };
    t.equal(await events({ ...all, header }), 1);
    t.equal(await events({ suffix: all.suffix, header }), 2);
    t.equal(await events({ header }), 3);
    t.equal(await events({}), 4);
  });

  test(`${path.name}: words of the suffix and several faults are taken too`, async (t) => {
    const mocks = await mocksFor(t);
    await path.ask(mocks, { suffix: '~chunks=7~duplicate;at=2~drop;at=4' });
    t.same(entryOf(mocks)?.faults, ['duplicate', 'drop']);
    t.ok((entryOf(mocks)?.events ?? 99) < 14);
  });

  test(`${path.name}: what is wrong in a suffix is told, with what was meant`, async (t) => {
    const mocks = await mocksFor(t);
    const { body, end } = await path.ask(mocks, { suffix: '~truncat;at=3' });
    t.equal(entryOf(mocks)?.ending, 'refused');
    // A close frame holds 123 bytes of the reason, and gRPC has it in a header.
    if (isInPath)
      t.match(body.toString(), /fault .*truncat.*there is none.*Did you mean.*truncate/);
    else t.ok(end);
  });
}

test('a share in a raw suffix keeps its lone percent sign', async (t) => {
  const mocks = await mocksFor(t);
  for (const path of wirePaths) {
    await path.ask(mocks, { suffix: '~chunks=20~truncate;at=50%' });
    t.match(entryOf(mocks)?.injected, [/^truncate: ended/], path.name);
  }
});

test('a suffix is signed with the path, and the signature still verifies', async (t) => {
  const mocks = await mocksFor(t, { auth: 'verify' });
  for (const requestHandler of [undefined, new NodeHttpHandler()]) {
    const client = signedClient(mocks.url, requestHandler ? { requestHandler } : {});
    t.teardown(() => client.destroy());
    const content = [{ text: 'Hello.' }];
    const { output } = await client.send(
      new ConverseCommand({
        modelId: `${claude}~chunks=2~slow;gap=1ms`,
        messages: [{ role: 'user', content }],
      }),
    );
    t.equal(output?.message?.content?.[0]?.text?.length, 48);
    t.same([entryOf(mocks)?.model, entryOf(mocks)?.faults], [claude, ['slow']]);
  }
});

test('a fault that counts requests is refused in a request, and taken in a plan', async (t) => {
  const mocks = await mocksFor(t);
  const body = converseBody('[[leakbed fault=succeed-after;failures=1]]');
  const [answer] = await rawHttp1(mocks, http1Request(`/model/${claude}/converse`, body));
  t.equal(answer?.status, 400);
  t.match(answer?.body.toString(), /fault .*succeed-after.* in a request: it counts requests/);
  t.same(mocks.plan.set({ faults: [{ fault: 'succeed-after' }] }), []);
});
