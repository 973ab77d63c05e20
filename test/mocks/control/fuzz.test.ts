// Malformed requests to the control plane, in short; fuzz.slow.ts sends fifty thousand.

import { shortFuzz } from '../../fixtures/fuzz/suite.ts';
import { controlKinds, malformedControl } from './fuzz-inputs.ts';

shortFuzz(malformedControl, controlKinds);
