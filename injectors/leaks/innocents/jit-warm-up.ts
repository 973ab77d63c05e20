// Code that is made as it is first needed, as template engines and validators do: bytecode,
// feedback and machine code add up until every template was met.

import type { Leak } from '../leak.ts';

const templates = 300;
const requestsPerTemplate = 4;

export const jitWarmUp: Leak = {
  kind: 'innocent',
  name: 'jit-warm-up',
  summary: `Compiles a function every ${requestsPerTemplate} requests, up to ${templates}.`,
  resource: 'heapBytes',
  plant(host) {
    const compiled: ((value: number) => number)[] = [];
    let requestCount = 0;
    host.onRequest(() => {
      requestCount += 1;
      if (requestCount % requestsPerTemplate === 0 && compiled.length < templates) {
        compiled.push(compile(compiled.length));
      }
      for (const run of compiled) run(requestCount);
    });
  },
};

function compile(nth: number): (value: number) => number {
  const terms = Array.from({ length: 20 }, (_, place) => `(value ^ ${nth * 31 + place})`);
  return new Function('value', `return ${terms.join(' + ')};`) as (value: number) => number;
}
