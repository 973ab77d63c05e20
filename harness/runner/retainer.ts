// Reaches into the gateway to make it keep memory, for the fault `synthetic-leak`: through V8's
// inspector, or through the agent in a Python process.

import type { LeakableGateway, Retainer } from '../../injectors/ambient/synthetic-leak.ts';
import { installSyntheticLeak } from '../probes/agents/synthetic-leak.ts';
import { connectTo } from '../probes/inspector.ts';
import { installAgent } from '../probes/installed-agent.ts';
import { connectToPython } from '../probes/python-client.ts';
import type { RunContext } from './context.ts';

const forgottenMs = 60_000;

export function leakableGateway({
  subject,
  answered,
}: Pick<RunContext, 'subject' | 'answered'>): LeakableGateway {
  const requestsDone = () => answered.count;
  return {
    async openRetainer(kind, bytes) {
      const { name, capabilities } = subject;
      if (capabilities.has('inspector')) {
        return { requestsDone, ...(await inNode()) };
      }
      if (!capabilities.has('python-agent')) {
        throw new Error(
          `Cannot make ${name} leak: it has neither V8's inspector nor leakbed's Python agent. ` +
            'Start it by leakbed (-- COMMAND).',
        );
      }
      if (kind === 'timers') {
        throw new RangeError(`Cannot make ${name} keep timers: only Node has them. Use objects.`);
      }
      const client = connectToPython(subject, 'synthetic-leak');
      return {
        requestsDone,
        retain: async (count) => void (await client.ask({ do: 'retain', kind, bytes, count })),
        async [Symbol.asyncDispose]() {
          // The agent lets go when the connection ends; asked, it has done so before the answer.
          await client.ask({ do: 'release' }).catch(() => undefined);
          await client[Symbol.asyncDispose]();
        },
      };

      async function inNode(): Promise<Omit<Retainer, 'requestsDone'>> {
        const client = await connectTo(subject, 'synthetic-leak');
        const kept = await installAgent(client, installSyntheticLeak, [kind, bytes, forgottenMs]);
        return {
          retain: async (count) => void (await kept.call('keep', [count])),
          async [Symbol.asyncDispose]() {
            // A gateway that is gone keeps nothing.
            await kept.call('release').catch(() => undefined);
            await client[Symbol.asyncDispose]();
          },
        };
      }
    },
  };
}
