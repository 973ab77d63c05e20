// What the Live API says: one pretty JSON object in each binary frame.
// Source: BidiGenerateContentServerMessage of the Live API reference; the frames as captured.

import type { FrameLabel } from '../../../injectors/stream.ts';
import { opcodes, websocketFrame } from '../../codec/websocket.ts';
import type { EncodedFrame } from '../../provider.ts';
import { prettyJson } from '../json.ts';

export function messageFrame(label: FrameLabel, message: object): EncodedFrame {
  return websocketFrame(label, opcodes.binary, `${prettyJson(message)}\n`);
}

export function contentFrame(label: FrameLabel, serverContent: object): EncodedFrame {
  return messageFrame(label, { serverContent });
}

/** A character that JSON always escapes, so it cannot stand in the rest of the message. */
const hole = '\u0000';

/** Frames of messages that differ in one string only: the rest is made once. */
export function contentTemplate(
  label: FrameLabel,
  serverContent: (hole: string) => object,
): (text: string) => EncodedFrame {
  const json = `${prettyJson({ serverContent: serverContent(hole) })}\n`;
  const mark = JSON.stringify(hole);
  const at = json.indexOf(mark);
  const before = json.slice(0, at);
  const after = json.slice(at + mark.length);
  return (text) => websocketFrame(label, opcodes.binary, before + JSON.stringify(text) + after);
}
