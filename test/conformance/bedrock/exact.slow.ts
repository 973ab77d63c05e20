// "Cut after event k delivers exactly k events", a thousand seeded cuts on each transport.

import { t } from 'tap';
import { checkExactness } from './exact-cuts.ts';

t.setTimeout(300_000);
checkExactness(1000, 1);
