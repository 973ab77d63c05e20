// Meta Llama. Source: Bedrock user guide, "Meta Llama models".

import { tokensOf } from '../../script/text.ts';
import { shortStopReasons as reasons } from '../stop-reason.ts';
import { textFamily } from './text-family.ts';

export const llama = textFamily({
  name: 'llama',
  matches: ({ vendor }) => vendor === 'meta',
  looksLike: (body) => 'max_gen_len' in body,
  schema: {
    prompt: { required: true, type: 'String', min: 1 },
    max_gen_len: { type: 'Integer', min: 1, max: 8192 },
    temperature: { type: 'Number', min: 0, max: 1 },
    top_p: { type: 'Number', min: 0, max: 1 },
    images: { type: 'JSONArray', items: { type: 'String' } },
  },
  read({ prompt, max_gen_len: maxTokens }) {
    const text = String(prompt);
    return {
      prompt: text,
      inputTokens: tokensOf(text.length),
      ...(typeof maxTokens === 'number' && { maxTokens }),
    };
  },
  whole: ({ text, stopReason, script }) => ({
    generation: text,
    prompt_token_count: script.inputTokens,
    generation_token_count: script.outputTokens,
    stop_reason: stopReason ? reasons[stopReason] : null,
  }),
  chunks: {
    count: ({ textEvents }) => textEvents + 1,
    open(script) {
      let characters = 0;
      return {
        text({ text }) {
          const isFirst = characters === 0;
          characters += text.length;
          return [
            {
              generation: text,
              // Only the first chunk counts the prompt, each counts what came so far.
              prompt_token_count: isFirst ? script.inputTokens : null,
              generation_token_count: tokensOf(characters),
              stop_reason: null,
            },
          ];
        },
      };
    },
    last: ({ stopReason, script }) => [
      {
        generation: '',
        prompt_token_count: null,
        generation_token_count: script.outputTokens,
        stop_reason: stopReason ? reasons[stopReason] : null,
      },
    ],
  },
});
