// Malformed requests, in short; fuzz.slow.ts sends fifty thousand.

import { shortFuzz } from '../../fixtures/fuzz/suite.ts';
import { startTcpProxyProcess } from '../../fixtures/tcp-proxy-process.ts';
import { fuzzKinds, malformedProxyApi } from './fuzz-inputs.ts';

shortFuzz(malformedProxyApi, fuzzKinds, startTcpProxyProcess);
