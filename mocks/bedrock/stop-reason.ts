// How Bedrock spells why a model stopped; Converse and the Messages body use the same words.

import type { StopReason } from '../../injectors/stream.ts';

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
} as const satisfies Record<StopReason, string>;
