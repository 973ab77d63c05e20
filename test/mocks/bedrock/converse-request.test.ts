// What Converse refuses, with the exception and the words of the service; and what it takes.

import { test } from 'tap';
import { bedrock } from '../../../mocks/bedrock/provider.ts';
import { ProviderError } from '../../../mocks/provider.ts';
import { claude, converseBody, pathOf, requestTo } from '../../fixtures/bedrock-answer.ts';
import { converseRefusals } from './converse-refusals.ts';

for (const { what, body, code = 'validation', message, model = claude } of converseRefusals) {
  test(`Converse refuses ${what}`, async (t) => {
    const error = refusalOf(model, body);
    t.equal(error.code, code);
    if (typeof message === 'string') t.equal(error.message, message);
    else t.match(error.message, message);
  });
}

test('all limits at their very ends are taken', async (t) => {
  const call = read(claude, {
    ...converseBody,
    inferenceConfig: {
      maxTokens: 1,
      temperature: 1,
      topP: 0,
      stopSequences: Array(2500).fill('x'),
    },
    toolConfig: {
      tools: [{ toolSpec: { name: 'n'.repeat(64), inputSchema: { json: {} } } }],
    },
    requestMetadata: { ['k'.repeat(256)]: 'v'.repeat(256), b: '' },
    additionalModelRequestFields: { top_k: 5 },
  });
  t.equal(call.maxTokens, 1);
});

test('the prompt is what the user said, and the count covers all there is to read', async (t) => {
  const tools = [{ toolSpec: { name: 'b', inputSchema: { json: {} } } }];
  const call = read(claude, {
    toolConfig: { tools },
    system: [{ text: 'S'.repeat(40) }],
    messages: [
      { role: 'user', content: [{ text: 'first' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'a', name: 'b', input: {} } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'a', content: [{ text: 'sun' }] } }] },
      { role: 'user', content: [{ text: 'second' }, { text: 'third' }] },
    ],
  });
  t.equal(call.prompt, 'first\nsun\nsecond\nthird');
  t.equal(
    call.inputTokens,
    Math.ceil((JSON.stringify(tools).length + 40 + 'firstsunsecond\nthird'.length) / 4),
  );
});

function read(model: string, body: unknown) {
  const routed = bedrock.route(requestTo(pathOf(model, 'converse'), body));
  if (routed === undefined) throw new Error('Converse was not found.');
  return routed.read().call;
}

function refusalOf(model: string, body: unknown): ProviderError {
  try {
    read(model, body);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('The request was taken.');
}
