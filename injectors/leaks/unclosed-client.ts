// A new SDK client now and then, as at each refresh of credentials. The last one goes to a list of
// clients that are to be destroyed when their calls are over, and nobody ever does.

import type { Leak } from './leak.ts';

const usesOfClient = 10;

export const unclosedClient: Leak = {
  kind: 'leak',
  name: 'unclosed-client',
  summary: `Opens another Bedrock client after every ${usesOfClient} calls, and destroys none.`,
  resource: 'heapBytes',
  plant(host) {
    const retired: object[] = [];
    host.renewClients(usesOfClient, (client) => retired.push(client));
  },
};
