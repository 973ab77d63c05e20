// How late the event loop of a Node process is: its own histogram of a 10 ms timer, read and reset
// with each sample. The session holds the histogram, so it stops when leakbed is gone.
// Source: https://nodejs.org/api/perf_hooks.html#perf_hooksmonitoreventloopdelayoptions

import { connectTo } from './inspector.ts';
import { type InspectorClient, resultValue } from './inspector-client.ts';
import type { Probe, Reading } from './probe.ts';

const intervalMs = 10;

const begin = `(() => {
  const load = process.getBuiltinModule;
  if (load === undefined) throw new Error("event-loop delay needs Node 20.16 or 22.3 in the gateway");
  const histogram = load("node:perf_hooks").monitorEventLoopDelay({ resolution: ${intervalMs} });
  histogram.enable();
  return histogram;
})()`;

/** The histogram counts from one timer to the next: what is beyond its interval is delay. */
const take = `function () {
  const p99 = this.count > 0 ? this.percentile(99) / 1e6 - ${intervalMs} : null;
  this.reset();
  return p99;
}`;

export const eventLoop: Probe = {
  name: 'event-loop',
  needs: ['inspector'],
  metrics: ['eventLoopDelayMs'],
  cost: 'a timer every 10 ms (0.1 % CPU) and about 0.2 ms per sample',
  async attach(subject) {
    const client = await connectTo(subject, 'event-loop');
    try {
      const answer = await client.send('Runtime.evaluate', { expression: begin, silent: true });
      resultValue(answer);
      const { objectId } = (answer.result ?? {}) as { objectId?: unknown };
      if (typeof objectId !== 'string')
        throw new Error('Cannot watch the event loop: no histogram.');
      return {
        sample: () => delay(client, objectId, take),
        // At rest a collection was forced a moment ago, which is no delay of the gateway's making.
        level: () => delay(client, objectId, 'function () { this.reset(); return null }'),
        async [Symbol.asyncDispose]() {
          await delay(client, objectId, 'function () { this.disable(); return null }').catch(
            () => {},
          );
          await client[Symbol.asyncDispose]();
        },
      };
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  },
};

async function delay(
  client: InspectorClient,
  objectId: string,
  functionDeclaration: string,
): Promise<Reading> {
  const params = { objectId, functionDeclaration, returnByValue: true, silent: true };
  const p99 = resultValue(await client.send('Runtime.callFunctionOn', params));
  return typeof p99 === 'number' ? { eventLoopDelayMs: Math.max(0, p99) } : {};
}
