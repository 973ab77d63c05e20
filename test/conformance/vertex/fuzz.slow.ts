// Malformed REST requests, gRPC calls and Live sessions by the hundred thousand against the fake
// Vertex AI: nothing may crash, leak or stay unanswered. Two minutes at most; an input that fails
// can be played again by itself:
//   node test/conformance/vertex/fuzz.slow.ts [--count 100000] [--seed 1] [--only NUMBER]

import { fuzzSuite } from '../../fixtures/fuzz/suite.ts';
import { malformedVertex } from './fuzz-inputs.ts';

fuzzSuite(malformedVertex);
