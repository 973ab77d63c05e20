// Malformed requests, in short; fuzz.slow.ts sends a hundred thousand.

import { shortFuzz } from '../../fixtures/fuzz/suite.ts';
import { fuzzKinds, malformedBedrock } from './fuzz-inputs.ts';

shortFuzz(malformedBedrock, fuzzKinds);
