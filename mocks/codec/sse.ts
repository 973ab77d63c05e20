// Server-sent events, writing side: one `data` line and a blank line. Sits between a provider's
// messages and the transport. Source: WHATWG HTML, section 9.2; line endings differ by provider,
// and some clients split on one kind only, so the caller names its own.

import type { FrameLabel } from '../../injectors/stream.ts';
import type { EncodedFrame } from '../provider.ts';

export type LineEnding = '\n' | '\r\n';

const prefix = 'data: ';

/** One event; `data` must hold no line break, since each would need a `data:` line of its own. */
export function sseFrame(label: FrameLabel, data: string, lineEnding: LineEnding): EncodedFrame {
  const bytes = Buffer.from(prefix + data + lineEnding + lineEnding);
  const end = bytes.length - 2 * lineEnding.length;
  return {
    bytes,
    label,
    regions: {
      field: [0, prefix.length],
      payload: [prefix.length, end],
      separator: [end, bytes.length],
    },
  };
}
