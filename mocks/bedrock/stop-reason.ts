// How Bedrock and the models on it spell why a model stopped.

import type { StopReason } from '../../injectors/stream.ts';

type Spelling = Readonly<Record<StopReason, string>>;

/** Converse, and Nova's own body. */
export const stopReasons = {
  end: 'end_turn',
  'max-tokens': 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-use': 'tool_use',
  'content-filter': 'content_filtered',
  guardrail: 'guardrail_intervened',
  'context-window': 'model_context_window_exceeded',
  'malformed-tool': 'malformed_tool_use',
  'malformed-output': 'malformed_model_output',
} as const satisfies Spelling;

/** Llama and Mistral know two words. */
export const shortStopReasons = spelled('stop', 'length');
/** Titan Text. */
export const titanCompletionReasons = {
  ...spelled('FINISH', 'LENGTH'),
  'content-filter': 'CONTENT_FILTERED',
};
/** Cohere. */
export const cohereFinishReasons = {
  ...spelled('COMPLETE', 'MAX_TOKENS'),
  'content-filter': 'ERROR_TOXIC',
};

function spelled(end: string, length: string): Spelling {
  return {
    end,
    'max-tokens': length,
    'stop-sequence': end,
    'tool-use': end,
    'content-filter': end,
    guardrail: end,
    'context-window': length,
    'malformed-tool': end,
    'malformed-output': end,
  };
}
