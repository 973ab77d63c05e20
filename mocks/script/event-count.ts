// How many events a script becomes in a stream, so that a fault's "50 %" means the client's events.

import type { StreamScript } from './script.ts';

export interface EventsPerPart {
  /** Before and after all blocks. */
  readonly around: number;
  /** Beside the block's own pieces. */
  readonly thinking: number;
  readonly text: number;
  readonly tool: number;
}

export function countEvents({ blocks }: StreamScript, per: EventsPerPart): number {
  return blocks.reduce((sum, block) => {
    const citations = block.kind === 'text' ? block.citations : 0;
    return sum + block.events + citations + per[block.kind];
  }, per.around);
}
