// What a caller sees that gives a silent stream up, and that the server lets go of it too. The
// silence outlasts every test, so that nothing here is decided by a race.

import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { streamAi } from '../../fixtures/bedrock-ai-sdk.ts';
import {
  anthropicClient,
  converseInput,
  messagesInput,
  mocksFor,
  sdkClient,
} from '../../fixtures/bedrock-clients.ts';

const silent = 'chunks=6 fault=hang;at=3';

test('HTTP/2: an abort ends the iteration without any error', async (t) => {
  const { events, error, mocks } = await abortWhenSilent(t, 'http2');
  t.equal(events, 3);
  t.equal(error, undefined);
  await emptied(t, mocks);
});

test('HTTP/1.1: an abort is an error', async (t) => {
  const { events, error, mocks } = await abortWhenSilent(t, 'http1');
  t.equal(events, 3);
  t.match(error, { message: 'aborted' });
  await emptied(t, mocks);
});

test('the Anthropic SDK ends an aborted stream without any error', async (t) => {
  const mocks = await mocksFor(t);
  const controller = new AbortController();
  const stream = await anthropicClient(mocks, 0).messages.create(
    { ...messagesInput(`[[leakbed ${silent}]]`), stream: true },
    { signal: controller.signal },
  );
  let events = 0;
  for await (const _event of stream) {
    events += 1;
    if (events === 3) controller.abort();
  }
  t.equal(events, 3);
  await emptied(t, mocks);
});

test('the AI SDK ends an aborted stream with a part that says so', async (t) => {
  const mocks = await mocksFor(t);
  const controller = new AbortController();
  const { signal } = controller;
  const steps: string[] = [];
  for await (const step of streamAi(mocks, `[[leakbed ${silent}]]`, { signal })) {
    steps.push(step.kind === 'event' ? step.kind : step.reason);
    if (steps.length === 3) controller.abort();
  }
  t.same(steps, ['event', 'event', 'event', 'abort']);
  await emptied(t, mocks);
});

/** Aborts when the last event before the silence has come, which no clock decides. */
async function abortWhenSilent(t: Parameters<typeof mocksFor>[0], transport: 'http1' | 'http2') {
  const mocks = await mocksFor(t);
  const config = transport === 'http1' ? { requestHandler: new NodeHttpHandler() } : {};
  const controller = new AbortController();
  const command = new ConverseStreamCommand(converseInput(`[[leakbed ${silent}]]`));
  const options = { abortSignal: controller.signal };
  const { stream } = await sdkClient(t, mocks, config).send(command, options);
  let events = 0;
  let error: unknown;
  try {
    for await (const _event of stream ?? []) {
      events += 1;
      if (events === 3) controller.abort();
    }
  } catch (thrown) {
    error = thrown;
  }
  return { events, error, mocks };
}

/** The server lets go of the stream once the client has. */
async function emptied(t: Parameters<typeof mocksFor>[0], mocks: Mocks): Promise<void> {
  for (let turn = 0; turn < 200 && mocks.journal.inFlight().length > 0; turn++) await sleep(10);
  t.equal(mocks.journal.inFlight().length, 0);
}
