// Cohere Command (text generation). Without `stream: true` a stream is one chunk, the whole body.
// Source: Bedrock user guide, "Cohere Command models".

import { tokensOf } from '../../script/text.ts';
import { randomUuid } from '../identifiers.ts';
import { cohereFinishReasons as reasons } from '../stop-reason.ts';
import { type TextAnswer, textFamily } from './text-family.ts';

export const cohereCommand = textFamily({
  name: 'cohere-command',
  matches: ({ vendor, name }) => vendor === 'cohere' && /^command-(light-)?text/.test(name),
  looksLike: (body) => 'num_generations' in body || 'return_likelihoods' in body,
  schema: {
    prompt: { required: true, type: 'String', min: 1 },
    max_tokens: { type: 'Integer', min: 1, max: 4096 },
    temperature: { type: 'Number', min: 0, max: 5 },
    p: { type: 'Number', min: 0, max: 1 },
    k: { type: 'Number', min: 0, max: 500 },
    stop_sequences: { type: 'JSONArray', max: 4, items: { type: 'String' } },
    return_likelihoods: { type: 'String', values: ['GENERATION', 'ALL', 'NONE'] },
    stream: { type: 'Boolean' },
    num_generations: { type: 'Integer', min: 1, max: 5 },
    logit_bias: { type: 'JSONObject' },
    truncate: { type: 'String', values: ['NONE', 'START', 'END'] },
  },
  read({ prompt, max_tokens: maxTokens }) {
    const text = String(prompt);
    return {
      prompt: text,
      inputTokens: tokensOf(text.length),
      ...(typeof maxTokens === 'number' && { maxTokens }),
    };
  },
  whole,
  chunks: {
    count: ({ textEvents }, { stream }) => (stream === true ? textEvents + 1 : 1),
    repeatsText: true,
    open: (_script, { stream }) => ({
      text: ({ text }) => (stream === true ? [{ text, is_finished: false }] : []),
    }),
    last(answer) {
      if (answer.body.stream !== true) return [whole(answer)];
      const reason = answer.stopReason && { finish_reason: reasons[answer.stopReason] };
      return [{ is_finished: true, ...reason }];
    },
  },
});

function whole({ text, stopReason, script, body }: TextAnswer): object {
  const rng = script.rng.fork('id');
  const count = typeof body.num_generations === 'number' ? body.num_generations : 1;
  const id = randomUuid(rng);
  return {
    id,
    generations: Array.from({ length: count }, () => ({
      id: randomUuid(rng),
      text,
      finish_reason: stopReason ? reasons[stopReason] : null,
    })),
    prompt: body.prompt,
  };
}
