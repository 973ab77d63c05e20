// Server-sent events, writing side: a name where there is one, one `data` line, a blank line. Sits
// between a provider's messages and the transport. Source: WHATWG HTML, section 9.2; line endings
// differ by provider, and some clients split on one kind only, so the caller names its own.

import type { FrameLabel } from '../../injectors/stream.ts';
import type { EncodedFrame } from '../provider.ts';

export type LineEnding = '\n' | '\r\n' | '\r';

const prefix = 'data: ';

/** One event; `data` must hold no line break, since each would need a `data:` line of its own. */
export function sseFrame(
  label: FrameLabel,
  data: string,
  lineEnding: LineEnding,
  eventName = '',
): EncodedFrame {
  const lead = eventName === '' ? prefix : `event: ${eventName}${lineEnding}${prefix}`;
  const bytes = Buffer.from(lead + data + lineEnding + lineEnding);
  const end = bytes.length - 2 * lineEnding.length;
  return {
    bytes,
    label,
    regions: {
      field: [0, lead.length],
      payload: [lead.length, end],
      separator: [end, bytes.length],
    },
  };
}
