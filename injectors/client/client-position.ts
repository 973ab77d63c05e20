// Where in an answer a client does something: positions that a reader of the answer can know.

import type { OptionType } from '../options.ts';
import { type Position, position } from '../position.ts';
import type { ClientExchange, ExchangeProgress } from './exchange.ts';

/** An event's size is unknown until it has arrived, so a client cannot act half-way in it. */
export function clientPosition(fallback: string | undefined, help: string): OptionType<Position> {
  const accepts = 'an event count (3), a share (50%) or a byte offset (4711B, 4KiB)';
  const any = position(fallback, help);
  return {
    ...any,
    accepts,
    parse(raw) {
      const at = any.parse(raw);
      if (!['event', 'share', 'byte'].includes(at.kind)) throw new RangeError(accepts);
      return at;
    },
  };
}

/** Acts once, as soon as the answer has come so far. */
export function whenReached(
  at: Position,
  target: ClientExchange,
  act: (progress: ExchangeProgress) => void,
): void {
  const isReached = reached(at, target.expectedEventCount);
  let hasActed = false;
  target.onProgress((progress) => {
    if (hasActed || !isReached(progress)) return;
    hasActed = true;
    act(progress);
  });
}

function reached(
  at: Position,
  expectedEventCount: number | undefined,
): (progress: ExchangeProgress) => boolean {
  switch (at.kind) {
    case 'event':
      return ({ eventCount }) => eventCount >= at.index;
    case 'byte':
      return ({ byteCount }) => byteCount >= at.offset;
    case 'share': {
      if (expectedEventCount === undefined) {
        const percent = Math.round(at.share * 100);
        throw new Error(
          `Cannot act at ${percent}%: the request does not say how many events it expects. ` +
            'Give at= as an event count, or the request its expectedEventCount.',
        );
      }
      const index = Math.floor(expectedEventCount * at.share);
      return ({ eventCount }) => eventCount >= index;
    }
    case 'mid-frame':
    case 'headers':
    case 'end':
      throw new RangeError(`Cannot act at ${at.kind}: the option refuses it.`);
  }
}
