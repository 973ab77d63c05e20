// "Cut after event k delivers exactly k events", in short; exact.slow.ts has a thousand of each.

import { checkExactness } from './exact-cuts.ts';

checkExactness(60, 5);
