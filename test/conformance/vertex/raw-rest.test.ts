// REST without any SDK: bodies of other publishers, how each error is spelled, operations and the
// paths that only a plain client uses.

import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { geminiName, userContents } from '../../fixtures/vertex-api.ts';

const scope = 'projects/p/locations/us-central1';
const claude = `${scope}/publishers/anthropic/models/claude-sonnet-4-5@20250929`;
const mistral = `${scope}/publishers/mistralai/models/mistral-medium-3`;
const openapi = `${scope}/endpoints/openapi/chat/completions`;
const messages = (directive: string) => [{ role: 'user', content: `[[leakbed ${directive}]]` }];
const claudeBody = (directive: string) => ({
  anthropic_version: 'vertex-2023-10-16',
  max_tokens: 1000,
  messages: messages(directive),
});

test('raw REST of publishers', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const send = async (path: string, body?: object, method = body ? 'POST' : 'GET') => {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const response = await fetch(`${mocks.url}${path}`, init);
    const text = await response.text();
    const json = () => JSON.parse(text);
    return { status: response.status, headers: response.headers, text, json };
  };

  t.test('Claude streams named events with LF endings', async (t) => {
    const body = { ...claudeBody('chunks=1 thinking=1 tool=1'), stream: true };
    const { headers, text } = await send(`/v1/${claude}:streamRawPredict`, body);
    t.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8');
    t.notMatch(text, /\r/);
    for (const event of text.trimEnd().split('\n\n')) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      t.equal(JSON.parse(data ?? '').type, name);
    }
    t.match(text, /thinking_delta[\s\S]*signature_delta[\s\S]*text_delta[\s\S]*input_json_delta/);
    t.notMatch(text, /vertex_event/);
  });

  t.test("Vertex AI's own event comes when a script asks for it", async (t) => {
    const body = { ...claudeBody('chunks=1 vertex-event=on'), stream: true };
    const { text } = await send(`/v1/${claude}:streamRawPredict`, body);
    t.match(text, /event: vertex_event\ndata: [^\n]*\n\nevent: message_stop/);
  });

  t.test('an error inside a Claude stream is an event of its own', async (t) => {
    const body = { ...claudeBody('chunks=5 fault=exception;at=3;name=unavailable'), stream: true };
    const { text } = await send(`/v1/${claude}:streamRawPredict`, body);
    t.match(text, /event: error\ndata: \{"type":"error","error":\{"type":"overloaded_error"/);
  });

  t.test('what Claude refuses is in its own form, what Google refuses is not', async (t) => {
    const own = await send(`/v1/${claude}:rawPredict`, { anthropic_version: 'x', max_tokens: 1 });
    t.equal(own.status, 400);
    t.match(own.json(), { type: 'error', error: { type: 'invalid_request_error' } });
    const overloaded = claudeBody('fault=error;name=overloaded_error');
    t.equal((await send(`/v1/${claude}:rawPredict`, overloaded)).status, 529);
    const quota = claudeBody('fault=error;name=quota');
    t.match((await send(`/v1/${claude}:rawPredict`, quota)).json(), { error: { code: 429 } });
    const streamed = await send(`/v1/${claude}:streamRawPredict`, { ...quota, stream: true });
    t.match(streamed.json(), [{ error: { code: 429 } }]);
  });

  t.test('tokens for Claude are counted by a model of its own', async (t) => {
    const path = `/v1/${scope}/publishers/anthropic/models/count-tokens:rawPredict`;
    const body = { model: 'claude-sonnet-4-5', messages: [{ role: 'user', content: 'abcdefgh' }] };
    t.same((await send(path, body)).json(), { input_tokens: 2 });
  });

  for (const [name, path, model] of [
    ['Mistral', `/v1/${mistral}:streamRawPredict`, 'mistral-medium-3'],
    ['Llama', `/v1/${openapi}`, 'meta/llama-3.3-70b-instruct-maas'],
    ['Llama in v1beta1', `/v1beta1/${openapi}`, 'meta/llama-3.3-70b-instruct-maas'],
    ['Gemini in OpenAI form', `/v1/${openapi}`, 'google/gemini-2.5-flash'],
  ] as const) {
    t.test(`${name} streams chunks and a last [DONE]`, async (t) => {
      const body = { model, stream: true, messages: messages('chunks=2 bytes=6') };
      const { text } = await send(path, body);
      const data = text.trimEnd().split('\n\n');
      t.equal(data.at(-1), 'data: [DONE]');
      const chunks = data.slice(0, -1).map((line) => JSON.parse(line.slice('data: '.length)));
      t.match(chunks, [
        { model, choices: [{ delta: { content: /^.{6}$/ }, finish_reason: null }] },
        { choices: [{ delta: { content: /^.{6}$/ }, finish_reason: null }] },
        { choices: [{ finish_reason: 'stop' }], usage: { completion_tokens: 3 } },
      ]);
    });
  }

  t.test('errors of the endpoint for open models are wrapped in an array', async (t) => {
    const body = { model: 'meta/llama', messages: messages('fault=error;name=quota') };
    t.match((await send(`/v1/${openapi}`, body)).json(), [{ error: { code: 429 } }]);
    const unknown = { model: 'nobody/nothing', messages: messages('chunks=1') };
    t.match((await send(`/v1/${openapi}`, unknown)).json(), [{ error: { code: 404 } }]);
    const bare = { model: 'llama', messages: messages('chunks=1') };
    t.match((await send(`/v1/${openapi}`, bare)).json(), [{ error: { code: 400 } }]);
  });

  t.test('serverStreamingPredict is an array whose errors are one too', async (t) => {
    const path = `/v1/${scope}/endpoints/7:serverStreamingPredict`;
    const body = (directive: string) => ({ inputs: [{ stringVal: [`[[leakbed ${directive}]]`] }] });
    t.match((await send(path, body('chunks=2'))).json(), [{ outputs: [{ dtype: 'STRING' }] }, {}]);
    t.match((await send(path, body('fault=error'))).json(), [{ error: { code: 429 } }]);
  });

  t.test('an operation is polled, cancelled, listed and deleted', async (t) => {
    const veo = `${scope}/publishers/google/models/veo-3.0-generate-001`;
    const instances = [{ prompt: '[[leakbed polls=5]]' }];
    const { name } = (await send(`/v1/${veo}:predictLongRunning`, { instances })).json();
    t.notOk((await send(`/v1/${name}`)).json().done);
    t.match((await send(`/v1/${veo}/operations`)).json(), { operations: [{ name }] });
    t.same((await send(`/v1/${name}:cancel`, {})).json(), {});
    t.match((await send(`/v1/${name}`)).json(), { done: true, error: { code: 1 } });
    t.same((await send(`/v1/${name}`, undefined, 'DELETE')).json(), {});
    t.equal((await send(`/v1/${name}`)).status, 404);
  });

  t.test('a reset forgets what clients made', async (t) => {
    const cachedContent = { model: geminiName, contents: userContents('abcd') };
    const { name } = (await send(`/v1/${scope}/cachedContents`, cachedContent)).json();
    t.equal((await send(`/v1/${name}`)).status, 200);
    await fetch(`${mocks.url}/__leakbed/reset`, { method: 'POST' });
    t.equal((await send(`/v1/${name}`)).status, 404);
  });

  t.test('multimodal embeddings and instance limits', async (t) => {
    const path = `/v1/${scope}/publishers/google/models/multimodalembedding@001:predict`;
    const instance = { text: 'a', image: { gcsUri: 'gs://i' }, video: { gcsUri: 'gs://v' } };
    t.match((await send(path, { instances: [instance] })).json(), {
      predictions: [
        {
          textEmbedding: { length: 1408 },
          imageEmbedding: { length: 1408 },
          videoEmbeddings: [{ startOffsetSec: 0, embedding: { length: 1408 } }],
        },
      ],
    });
    const two = (await send(path, { instances: [instance, instance] })).json();
    t.equal(two.error.message, '1 instance(s) is allowed per prediction. Actual: 2');
    const text = `/v1/${scope}/publishers/google/models/gemini-embedding-001:predict`;
    const instances = [{ content: '[[leakbed instances=1]]' }, { content: 'b' }];
    const limited = (await send(text, { instances })).json();
    t.equal(limited.error.message, '1 instance(s) is allowed per prediction. Actual: 2');
  });
});
