// What keeps a Node process busy, by kind: timers, streams and servers, calls into the system that
// were not answered. The sum is the inspector probe's handleCount; the kind says whom to ask.
// Source: https://nodejs.org/api/process.html#processgetactiveresourcesinfo

import { connectTo } from './inspector.ts';
import type { Probe, Reading } from './probe.ts';

const expression = `(() => {
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
})()`;

export const resources: Probe = {
  name: 'resources',
  needs: ['inspector'],
  metrics: ['timerCount', 'streamHandleCount', 'pendingCallCount', 'otherHandleCount'],
  cost: 'about 0.2 ms per sample, and 1 µs for each active handle',
  async attach(subject) {
    const client = await connectTo(subject, 'resources');
    const read = async () => {
      const counts = (await client.evaluate(expression)) as Readonly<Record<string, number>>;
      return byKind(counts);
    };
    return { sample: read, level: read, [Symbol.asyncDispose]: client[Symbol.asyncDispose] };
  },
};

/** Node names what it waits for by the handle's class: "TCPSocketWrap", "GetAddrInfoReqWrap". */
export function byKind(counts: Readonly<Record<string, number>>): Reading {
  const sums = { timerCount: 0, streamHandleCount: 0, pendingCallCount: 0, otherHandleCount: 0 };
  for (const [kind, count] of Object.entries(counts)) sums[metricOf(kind)] += count;
  return sums;
}

function metricOf(kind: string) {
  if (kind === 'Timeout' || kind === 'Immediate') return 'timerCount';
  if (/Req(?:Wrap|uest|Promise)?$|ReqWrap|FSReq|CloseReq/.test(kind)) return 'pendingCallCount';
  if (/^(?:TCP|Pipe|TTY|UDP|TLS|Http2)/i.test(kind)) return 'streamHandleCount';
  return 'otherHandleCount';
}
