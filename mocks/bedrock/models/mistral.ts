// Mistral text completion. Source: Bedrock user guide, "Mistral AI text completion".

import { tokensOf } from '../../script/text.ts';
import { shortStopReasons as reasons } from '../stop-reason.ts';
import { textFamily } from './text-family.ts';

export const mistral = textFamily({
  name: 'mistral',
  matches: ({ vendor }) => vendor === 'mistral',
  looksLike: (body) => 'top_k' in body && 'prompt' in body,
  schema: {
    prompt: { required: true, type: 'String', min: 1 },
    max_tokens: { type: 'Integer', min: 1, max: 8192 },
    stop: { type: 'JSONArray', max: 10, items: { type: 'String' } },
    temperature: { type: 'Number', min: 0, max: 1 },
    top_p: { type: 'Number', min: 0, max: 1 },
    top_k: { type: 'Integer', min: 0, max: 200 },
  },
  read({ prompt, max_tokens: maxTokens }) {
    const text = String(prompt);
    return {
      prompt: text,
      inputTokens: tokensOf(text.length),
      ...(typeof maxTokens === 'number' && { maxTokens }),
    };
  },
  whole: ({ text, stopReason }) => ({
    outputs: [{ text, stop_reason: stopReason ? reasons[stopReason] : null }],
  }),
  chunks: {
    count: ({ textEvents }) => textEvents + 1,
    open: () => ({ text: ({ text }) => [{ outputs: [{ text, stop_reason: null }] }] }),
    last: ({ stopReason }) => [
      { outputs: [{ text: '', stop_reason: stopReason ? reasons[stopReason] : null }] },
    ],
  },
});
