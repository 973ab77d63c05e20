// "Cut after event k delivers exactly k events", a thousand seeded cuts on each transport.

import { checkExactness } from './exact-cuts.ts';

checkExactness(1000, 1);
