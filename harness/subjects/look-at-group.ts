// What can be measured of a gateway that leakbed started: which process of its group serves the
// API, which of its workers is looked into, and how each is reached; for the rest, why not.

import { openInspector } from './inspector-door.ts';
import { listenerOf, listeningPorts, portOf } from './listening-ports.ts';
import { hasOwnCgroup } from './oom-kills.ts';
import { groupMembers, processState } from './process-info.ts';
import { processTree, workersOf } from './process-tree.ts';
import type { PythonAgents } from './python-agent.ts';
import type { Capability, Subject } from './subject.ts';

type Seen = Pick<
  Subject,
  'pid' | 'processes' | 'inspectorUrl' | 'pythonAgentPath' | 'capabilities' | 'missing'
>;

export interface LookOptions {
  readonly inspect?: boolean;
  readonly extraCapabilities?: readonly Capability[];
}

export async function lookAtGroup(
  child: { readonly pid: number; readonly inspectorUrls: readonly string[] },
  url: string,
  { inspect, extraCapabilities = [] }: LookOptions,
  agents: PythonAgents,
): Promise<Seen> {
  const capabilities = new Set<Capability>(['restart', ...extraCapabilities]);
  const missing: Partial<Record<Capability, string>> = {};
  if (processState(child.pid) === null) {
    const reason = 'there is no /proc here. Run leakbed on Linux, or in a Linux container.';
    const inspectorUrl = child.inspectorUrls[0] ?? null;
    if (inspectorUrl === null) missing.inspector = reason;
    else capabilities.add('inspector');
    return { pid: child.pid, inspectorUrl, capabilities, missing: { ...missing, procfs: reason } };
  }
  capabilities.add('procfs');
  // The child itself first: a cluster's primary and its workers all hold the listening socket.
  const group = groupMembers(child.pid).sort((a, b) => rank(a, child.pid) - rank(b, child.pid));
  const root = listenerOf(url, group) ?? child.pid;
  // A worker of a cluster gets the port after its primary's for its inspector, which may be taken.
  const inspectorOf = (worker: number) => {
    const ports = listeningPorts(worker);
    return child.inspectorUrls.find((address) => ports.includes(portOf(address)));
  };
  const workers = workersOf(url, root);
  const pid = workers.find((worker) => inspectorOf(worker) !== undefined) ?? workers[0] ?? root;
  const processes = () => processTree(root);
  if (hasOwnCgroup(pid)) capabilities.add('cgroup');
  const agent = agents.of(pid);
  if (agent !== null && 'path' in agent) {
    capabilities.add('python-agent');
    const pythonAgentPath = agent.path;
    return { pid, processes, inspectorUrl: null, pythonAgentPath, capabilities, missing };
  }
  if (agent !== null) missing['python-agent'] = agent.missing;
  if (inspect === false) {
    missing.inspector = 'it was started without an inspector. Leave out inspect: false.';
    return { pid, processes, inspectorUrl: null, capabilities, missing };
  }
  const announced = inspectorOf(pid);
  const door =
    announced === undefined
      ? await openInspector(pid, { apiPorts: [portOf(url)], mayOpen: true })
      : { url: announced };
  if (door.url === null) missing.inspector = door.missing;
  else capabilities.add('inspector');
  return { pid, processes, inspectorUrl: door.url, capabilities, missing };
}

const rank = (pid: number, first: number) => (pid === first ? 0 : pid);
