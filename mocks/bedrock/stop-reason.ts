// How Bedrock spells why a model stopped; Converse and the Messages body use the same words.

import type { StopReason } from '../../injectors/stream.ts';

export const stopReasons = {
  end: 'end_turn',
  'max-tokens': 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-use': 'tool_use',
} as const satisfies Record<StopReason, string>;
