// Reads one stream of an SDK to its end, its error or its silence, and says in a few words what the
// SDK told its caller:
//
//   ok 10          it ended, and the model had said why
//   silent 4       it ended as if all were well, and the model had not
//   error … 4      what was thrown
//   hang 4         nothing came for as long as the observer waits
//
// The figure is how many events came before that.

import { sleep } from '../../../injectors/determinism.ts';

/** True for the event that says why the model stopped. */
export type Events = AsyncIterable<boolean>;

export interface Observed {
  readonly outcome: string;
  readonly events: number;
}

export async function observe(
  open: (signal: AbortSignal) => Promise<Events> | Events,
  silenceMs: number,
): Promise<Observed> {
  const controller = new AbortController();
  let events = 0;
  let isFinished = false;
  const consume = async () => {
    for await (const isLast of await open(controller.signal)) {
      events += 1;
      isFinished ||= isLast;
    }
    return isFinished ? 'ok' : 'silent';
  };
  const consumed = consume().catch((error: unknown) => `error ${wordsOf(error)}`);
  for (let before = -1; before < events; ) {
    before = events;
    const outcome = await Promise.race([consumed, sleep(silenceMs).then(() => undefined)]);
    if (outcome !== undefined) return { outcome, events };
  }
  const told = { outcome: 'hang', events };
  controller.abort();
  return told;
}

export function printed({ outcome, events }: Observed): string {
  return `${outcome} ${events}`;
}

const longestMessage = 40;

/** Name and status or code, and the beginning of the text without what differs from run to run. */
export function wordsOf(error: unknown): string {
  const { name, code, status, message = String(error) } = error as Partial<SdkError>;
  if (status !== undefined) return `${name} ${status}`;
  const label = typeof code === 'number' ? `${code}` : name === 'Error' ? '' : name;
  const text = message
    .replace(/^\d+ /, '')
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    .replace(/\d{5,}/g, '#')
    .replace(/\s+/g, ' ')
    .slice(0, longestMessage)
    .trim();
  return [label, text].filter(Boolean).join(': ');
}

type SdkError = Error & { readonly code: unknown; readonly status: number };
