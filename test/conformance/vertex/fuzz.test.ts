// Malformed inputs, in short; fuzz.slow.ts sends a hundred thousand.

import { shortFuzz } from '../../fixtures/fuzz/suite.ts';
import { fuzzKinds, malformedVertex } from './fuzz-inputs.ts';

shortFuzz(malformedVertex, fuzzKinds);
