// Converse: the whole answer.

import { test } from 'tap';
import { answerTo, bodyOf, claude, converseBody, pathOf } from '../../fixtures/bedrock-answer.ts';

const path = pathOf(claude, 'converse');

test('the answer is one body with sorted keys and consistent usage', async (t) => {
  const { frames, json, value } = bodyOf(path, converseBody, { chunks: 5, bytes: 8 });
  t.equal(frames.length, 1);
  t.equal(frames[0]?.label, 'body');
  t.same(Object.keys(value), ['metrics', 'output', 'stopReason', 'usage']);
  t.match(json, /^\{"metrics":\{"latencyMs":\d+\},"output":\{"message":\{"content":\[\{"text":"/);
  t.equal(value.output.message.content[0].text.length, 40);
  t.equal(value.usage.totalTokens, value.usage.inputTokens + value.usage.outputTokens);
});

test('an answer without text has an empty content', async (t) => {
  t.same(bodyOf(path, converseBody, { chunks: 0 }).value.output.message.content, []);
});

test('the request id is echoed and no token header is sent', async (t) => {
  const { headers, isStreaming, totalEvents } = answerTo(path, converseBody);
  t.equal(headers['x-amzn-RequestId'], '11111111-2222-4333-8444-555555555555');
  t.notOk(Object.keys(headers).some((name) => /token/i.test(name)));
  t.notOk(isStreaming);
  t.equal(totalEvents, 1);
});
