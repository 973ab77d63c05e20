// How long a Live session lasts, and the notice before its end. The service ends every connection
// after some ten minutes, with a goAway before and a close frame at the end, as seen from it.

import type { Clock } from '../../../injectors/determinism.ts';
import { findDirective, scriptSettings } from '../../script/directive.ts';

/** Time between goAway and the end, or half the session where that is shorter. */
const noticeMs = 50_000;

/** The session's length as the upgrade's header says it, else the system instruction. */
export function sessionMs(header: string, instruction: string): number {
  const given = [`[[leakbed ${header}]]`, instruction]
    .map((words) => findDirective(words)?.words.session)
    .find((session) => session !== undefined);
  return scriptSettings(given === undefined ? {} : { session: given }).settings.session;
}

/** goAway some time before the end, then the end; the returned function cancels both. */
export function endLater(
  lengthMs: number,
  clock: Clock,
  notify: (message: object) => void,
  end: () => void,
): () => void {
  const leftMs = Math.min(noticeMs, lengthMs / 2);
  let cancel = clock.after(lengthMs - leftMs, () => {
    notify({ goAway: { timeLeft: `${leftMs / 1000}s` } });
    cancel = clock.after(leftMs, end);
  });
  return () => cancel();
}
