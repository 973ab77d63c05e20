// Where in a stream a fault acts: after an event, a share of the events, a byte, or mid-frame.
// One tracker serves every fault, so "at=3" means the same everywhere: three events came through
// whole, the fourth is where it happens.

import type { OptionType } from './options.ts';
import { type Frame, isEvent } from './stream.ts';

export type Position =
  | { readonly kind: 'event'; readonly index: number }
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'byte'; readonly offset: number }
  /** Half-way through a frame: the given event, or the middle one of the stream. */
  | { readonly kind: 'mid-frame'; readonly index: number | undefined }
  /** Before the head of the answer, or between the last event and the end of the message. */
  | { readonly kind: 'headers' }
  | { readonly kind: 'end' };

const accepts =
  'an event count (3), a share (50%), a byte offset (4711B, 4KiB), mid-frame, mid-frame:3, ' +
  'headers or end';
const unitBytes = { B: 1, KiB: 1024, MiB: 1024 ** 2 } as const;

/** Reads a position; returns undefined when the words are none. */
export function parsePosition(raw: string): Position | undefined {
  if (raw === 'headers' || raw === 'end') return { kind: raw };
  const event = /^(\d+)$/.exec(raw);
  if (event !== null) return { kind: 'event', index: Number(event[1]) };
  const share = /^(\d+(?:\.\d+)?)%$/.exec(raw);
  if (share !== null && Number(share[1]) <= 100) {
    return { kind: 'share', share: Number(share[1]) / 100 };
  }
  const byte = /^(\d+)(B|KiB|MiB)$/.exec(raw);
  if (byte !== null) {
    const unit = unitBytes[byte[2] as keyof typeof unitBytes];
    return { kind: 'byte', offset: Number(byte[1]) * unit };
  }
  const middle = /^mid-frame(?::(\d+))?$/.exec(raw);
  if (middle === null) return undefined;
  return { kind: 'mid-frame', index: middle[1] === undefined ? undefined : Number(middle[1]) };
}

export function position(fallback: string | undefined, help: string): OptionType<Position> {
  return {
    accepts,
    form: { kind: 'position' },
    fallback,
    help,
    parse(raw) {
      const found = parsePosition(String(raw));
      if (found === undefined) throw new RangeError(accepts);
      return found;
    },
  };
}

export function explainPosition(at: Position): string {
  switch (at.kind) {
    case 'event':
      return `after ${at.index} events`;
    case 'share':
      return `after ${Math.round(at.share * 100)} % of the events`;
    case 'byte':
      return `at byte ${at.offset}`;
    case 'mid-frame':
      return `in the middle of ${at.index === undefined ? 'the middle event' : `event ${at.index}`}`;
    case 'headers':
      return 'before the head of the answer';
    case 'end':
      return 'after the last event';
  }
}

const shareOf = ({ bytes }: Frame, share: number) => Math.floor(bytes.length * share);

/** Offset inside `frame` at which the position falls, or undefined while it lies further on. */
export type PositionTracker = (frame: Frame) => number | undefined;

/**
 * Follows one stream frame by frame. A share of an answer that is one single frame (not streamed)
 * is a share of its bytes, since its events cannot be divided otherwise.
 */
export function trackPosition(at: Position, totalEvents: number): PositionTracker {
  let events = 0;
  let bytes = 0;
  const middle = (index: number) => (frame: Frame) =>
    isEvent(frame) && events === index ? frame.bytes.length >> 1 : undefined;
  const locate = (frame: Frame): number | undefined => {
    switch (at.kind) {
      case 'event':
        return isEvent(frame) && events >= at.index ? 0 : undefined;
      case 'share':
        if (!isEvent(frame)) return undefined;
        if (totalEvents <= 1) return at.share < 1 ? shareOf(frame, at.share) : undefined;
        return events >= Math.floor(totalEvents * at.share) ? 0 : undefined;
      case 'byte':
        return at.offset < bytes + frame.bytes.length ? at.offset - bytes : undefined;
      case 'mid-frame':
        return middle(at.index ?? totalEvents >> 1)(frame);
      case 'headers':
      case 'end':
        return undefined;
    }
  };
  return (frame) => {
    const offset = locate(frame);
    if (isEvent(frame)) events += 1;
    bytes += frame.bytes.length;
    return offset;
  };
}
