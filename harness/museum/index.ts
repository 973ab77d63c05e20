// The museum: published leaks of real SDKs, each with the exact versions that show it. `leakbed
// leaks` lists them, `leakbed repro SLUG` runs one.

import type { Repro } from '../repro/repro.ts';
import { undiciUnreadClones } from './undici-unread-clones.ts';

export const museum: readonly Repro[] = [undiciUnreadClones];
