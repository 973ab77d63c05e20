// The explicit list of providers.

import { bedrock } from './bedrock/provider.ts';
import type { Provider } from './provider.ts';
import { vertex } from './vertex/provider.ts';

export const providers: readonly Provider[] = [bedrock, vertex];
