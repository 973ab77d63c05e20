// Malformed requests by the hundred thousand against the fake Bedrock: nothing may crash, leak or
// stay unanswered. About a minute; an input that fails can be played again by itself:
//   node test/conformance/bedrock/fuzz.slow.ts [--count 100000] [--seed 1] [--only NUMBER]

import { fuzzSuite } from '../../fixtures/fuzz/suite.ts';
import { malformedBedrock } from './fuzz-inputs.ts';

fuzzSuite(malformedBedrock);
