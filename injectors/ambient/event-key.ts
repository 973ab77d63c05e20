// What names a billing event, so that the same events are poisoned or delivered twice each time
// they come, with nothing remembered about any of them. Hooks in other languages use the same rule.

import { seededRng } from '../determinism.ts';

const names = ['requestId', 'request_id', 'id', 'jobId'] as const;
const longestKey = 4096;

/** Its id where it carries one, else its text. */
export function eventKey(event: unknown): string {
  if (typeof event === 'object' && event !== null) {
    const fields = event as Readonly<Record<string, unknown>>;
    const name = names.find((known) => ['string', 'number'].includes(typeof fields[known]));
    if (name !== undefined) return String(fields[name]);
  }
  return textOf(event).slice(0, longestKey);
}

/** True for one key in `nth`, decided by the key alone. */
export function isOneIn(nth: number, key: string): boolean {
  return seededRng(0).fork(key).next() * nth < 1;
}

function textOf(event: unknown): string {
  if (typeof event === 'string') return event;
  try {
    return JSON.stringify(event) ?? String(event);
  } catch {
    // A ring, or a getter that throws: such events are all told as one.
    return 'unreadable';
  }
}
