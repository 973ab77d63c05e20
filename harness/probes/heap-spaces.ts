// V8's heap by space: what lives long, what is large, what is code, and how much the young
// generation was given. Under load these are uncollected; at rest they follow the collection that
// the inspector probe forced.
// Source: https://nodejs.org/api/v8.html#v8getheapspacestatistics

import type { MetricName } from '../series/metrics.ts';
import { connectTo } from './inspector.ts';
import type { Probe } from './probe.ts';

/** In the order of `names`. */
const expression = `(() => {
  const load = process.getBuiltinModule;
  if (load === undefined) throw new Error("heap spaces need Node 20.16 or 22.3 in the gateway");
  let [used, committed, large, code, young] = [0, 0, 0, 0, 0];
  for (const space of load("node:v8").getHeapSpaceStatistics()) {
    const { space_name: name, space_used_size: bytes, space_size: size } = space;
    if (name.startsWith("new_")) young += size;
    else [used, committed] = [used + bytes, committed + size];
    if (name === "large_object_space") large += bytes;
    if (name.startsWith("code_")) code += bytes;
  }
  return [used, committed, large, code, young];
})()`;

const names = [
  'tenuredBytes',
  'tenuredCommittedBytes',
  'largeObjectBytes',
  'codeSpaceBytes',
  'newSpaceCommittedBytes',
] as const satisfies readonly MetricName[];

export const heapSpaces: Probe = {
  name: 'heap-spaces',
  needs: ['inspector'],
  metrics: names,
  cost: 'about 0.2 ms per sample; no collection',
  async attach(subject) {
    const client = await connectTo(subject, 'heap-spaces');
    const read = async () => {
      const values = await client.evaluate(expression);
      if (!Array.isArray(values)) throw new Error('Cannot read heap spaces: the target told none.');
      return Object.fromEntries(names.map((name, at) => [name, Number(values[at])]));
    };
    try {
      await read();
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
    return { sample: read, level: read, [Symbol.asyncDispose]: client[Symbol.asyncDispose] };
  },
};
