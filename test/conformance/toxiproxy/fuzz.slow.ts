// Malformed requests to the proxy's API by the ten thousand: nothing may crash, leak or stay
// unanswered. An input that fails can be played again by itself:
//   node test/conformance/toxiproxy/fuzz.slow.ts [--count 50000] [--seed 1] [--only NUMBER]

import { fuzzSuite } from '../../fixtures/fuzz/suite.ts';
import { startTcpProxyProcess } from '../../fixtures/tcp-proxy-process.ts';
import { malformedProxyApi } from './fuzz-inputs.ts';

fuzzSuite(malformedProxyApi, 50_000, startTcpProxyProcess);
