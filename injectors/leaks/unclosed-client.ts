// A new SDK client now and then, as at each refresh of credentials, and the last one is dropped
// without being destroyed: the session it holds open stays until somebody's idle timer ends it.

import type { Leak } from './leak.ts';

const usesOfClient = 10;

export const unclosedClient: Leak = {
  kind: 'leak',
  name: 'unclosed-client',
  summary: `Opens another Bedrock client after every ${usesOfClient} calls, and destroys none.`,
  resource: 'socketCount',
  plant: (host) => host.renewClients(usesOfClient),
};
