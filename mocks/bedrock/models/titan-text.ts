// Amazon Titan Text (Express, Lite, Premier).
// Source: Bedrock user guide, "Amazon Titan Text models".

import { tokensOf } from '../../script/text.ts';
import { isObject } from '../constraints.ts';
import { titanCompletionReasons as reasons } from '../stop-reason.ts';
import { textFamily } from './text-family.ts';

export const titanText = textFamily({
  name: 'titan-text',
  matches: ({ vendor, name }) => vendor === 'amazon' && /^titan-(text|tg1)/.test(name),
  looksLike: (body) => 'textGenerationConfig' in body,
  schema: {
    inputText: { required: true, type: 'String', min: 1, max: 42_000 },
    textGenerationConfig: {
      type: 'JSONObject',
      members: {
        maxTokenCount: { type: 'Integer', min: 0, max: 8192 },
        stopSequences: { type: 'JSONArray', items: { type: 'String' } },
        temperature: { type: 'Number', min: 0, max: 1 },
        topP: { type: 'Number', min: 0, max: 1 },
      },
    },
  },
  read({ inputText, textGenerationConfig: config }) {
    const prompt = String(inputText);
    const maxTokens = isObject(config) ? config.maxTokenCount : undefined;
    return {
      prompt,
      inputTokens: tokensOf(prompt.length),
      ...(typeof maxTokens === 'number' && maxTokens > 0 && { maxTokens }),
    };
  },
  whole: ({ text, stopReason, usage, script }) => ({
    inputTextTokenCount: usage?.inputTokens ?? script.inputTokens,
    results: [
      {
        tokenCount: usage?.outputTokens ?? script.outputTokens,
        outputText: text,
        completionReason: stopReason ? reasons[stopReason] : null,
      },
    ],
  }),
  chunks: {
    count: ({ textEvents }) => textEvents + 1,
    open: () => ({ text: ({ text }) => [piece(text)] }),
    last: ({ stopReason, script }) => [
      {
        ...piece(''),
        totalOutputTextTokenCount: script.outputTokens,
        completionReason: stopReason ? reasons[stopReason] : null,
        inputTextTokenCount: script.inputTokens,
      },
    ],
  },
});

function piece(outputText: string) {
  return {
    outputText,
    index: 0,
    totalOutputTextTokenCount: null as number | null,
    completionReason: null as string | null,
    inputTextTokenCount: null as number | null,
  };
}
