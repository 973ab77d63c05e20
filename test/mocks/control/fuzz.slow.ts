// Malformed requests to the control plane by the ten thousand: refused or closed, and nothing of
// them stays.
//   node test/mocks/control/fuzz.slow.ts [--count 50000] [--seed 1] [--only NUMBER]

import { fuzzSuite } from '../../fixtures/fuzz/suite.ts';
import { malformedControl } from './fuzz-inputs.ts';

fuzzSuite(malformedControl, 50_000);
