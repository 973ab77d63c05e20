// Closures of one scope share its variables: one that is never called holds the last request, and
// another, which is kept, holds that one's scope, so that requests hang on each other like beads.
// Source: https://blog.meteor.com/an-interesting-kind-of-javascript-memory-leak-8b47d2e7f156

import { type Leak, requestState } from './leak.ts';

export const closureChain: Leak = {
  kind: 'leak',
  name: 'closure-chain',
  summary: "Keeps a small closure, whose scope holds the last request's closure, and so on.",
  resource: 'heapBytes',
  plant(host) {
    let latest: () => string = () => 'none';
    host.onRequest((request) => {
      const previous = latest;
      const state = requestState(request);
      // Never called, but it is why `previous` and `state` live in the scope that `latest` keeps.
      const compare = () => `${previous()} before ${JSON.stringify(state)}`;
      latest = () => compare.name;
    });
  },
};
