// The `created` field of OpenAI's answers.

import { systemClock } from '../../../injectors/determinism.ts';

export function unixSeconds(): number {
  return Math.floor(systemClock.wallTime().getTime() / 1000);
}
