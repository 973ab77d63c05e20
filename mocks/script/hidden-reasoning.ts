// Reasoning that its reader may not see: what it is made of is encrypted, so it is bytes in base64.

import type { StreamScript } from './script.ts';
import { fillerText } from './text.ts';

const bytes = 96;

/** One for each block of it that the script asks for. */
export function hiddenReasoning({ settings, rng }: StreamScript): readonly string[] {
  const own = rng.fork('hidden');
  return Array.from({ length: settings.redacted }, (_, index) =>
    Buffer.from(fillerText(own.fork(String(index)))(0, bytes)).toString('base64'),
  );
}
