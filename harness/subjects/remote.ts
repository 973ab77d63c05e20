// A gateway on another machine, of which there is an address and a page in Prometheus' text format.
// What that page tells is all that is measured; metrics-page.ts reads it and names what is missing.

import { baseUrl } from './readiness.ts';
import type { Subject } from './subject.ts';

export interface RemoteOptions {
  readonly url: string;
  readonly metricsUrl: string;
}

export function attachRemote({ url, metricsUrl }: RemoteOptions): Subject {
  const name = new URL(url).host;
  const elsewhere = 'it runs elsewhere. Let leakbed start it: run -- COMMAND.';
  const ended = Promise.withResolvers<string>();
  return {
    name,
    url: baseUrl(url),
    pid: null,
    metricsUrl,
    inspectorUrl: null,
    capabilities: new Set(['metrics-page']),
    missing: { restart: elsewhere, 'billing-hook': elsewhere },
    ended: ended.promise,
    lastOutput: () => `(the output of ${name} is not leakbed's)`,
    async [Symbol.asyncDispose]() {
      ended.resolve(`${name} still runs; leakbed let go of it.`);
    },
  };
}
