// How the Messages body says why Claude stopped. Source: Anthropic API reference, "stop_reason".

import type { StopReason } from '../../injectors/stream.ts';

/** It has no word for a guardrail: the answer just ends. */
export const anthropicStopReasons = {
  end: 'end_turn',
  'max-tokens': 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-use': 'tool_use',
  'content-filter': 'refusal',
  guardrail: 'end_turn',
  'context-window': 'model_context_window_exceeded',
  'malformed-tool': 'end_turn',
  'malformed-output': 'end_turn',
} as const satisfies Readonly<Record<StopReason, string>>;
