// A JSON array sent element by element, as Google's REST front end streams: the separator is
// exactly LF , CR LF, the end is LF ], and nothing may follow it (clients take a further byte for
// a new array). Each frame carries what must precede its element, so a stream cut between two
// frames ends where the service's own writes end.

import type { FrameLabel } from '../../injectors/stream.ts';
import type { EncodedFrame } from '../provider.ts';

export interface JsonArrayWriter {
  element(label: FrameLabel, json: string): EncodedFrame;
  /** An element that follows `sentElements`, whatever else was made and then not sent. */
  elementAfter(sentElements: number, label: FrameLabel, json: string): EncodedFrame;
  /** The closing bracket; an array closed already gives nothing. */
  close(): readonly EncodedFrame[];
}

const open = '[';
const separator = '\n,\r\n';

export function jsonArrayWriter(): JsonArrayWriter {
  let lead = open;
  let isClosed = false;
  const element: JsonArrayWriter['element'] = (label, json) => {
    const start = lead.length;
    const bytes = Buffer.from(lead + json);
    lead = separator;
    return { bytes, label, regions: { separator: [0, start], payload: [start, bytes.length] } };
  };
  return {
    element,
    elementAfter(sentElements, label, json) {
      lead = sentElements === 0 ? open : separator;
      return element(label, json);
    },
    close() {
      if (isClosed) return [];
      isClosed = true;
      const text = lead === open ? '[]' : '\n]';
      return [{ bytes: Buffer.from(text), label: 'framing' }];
    },
  };
}
