// A gateway in a container that already runs, by its name: Docker says which process is its first
// and under which address it is reached; everything else is read of its processes, as leakbed sees
// the engine's. It is never stopped. When it ends Docker tells with which code, and whether for
// memory. Source: https://docs.docker.com/reference/api/engine/ (container inspect).

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { type Docker, dockerCommand } from '../../injectors/ambient/docker.ts';
import { sleep } from '../../injectors/determinism.ts';
import { exitSentence } from './exit-sentence.ts';
import { listenerOf, portOf } from './listening-ports.ts';
import { attachPid } from './pid.ts';
import { processTree } from './process-tree.ts';
import type { Subject } from './subject.ts';

export interface ContainerOptions {
  readonly name: string;
  /** Left out: the port it publishes, else its own address and the one port it exposes. */
  readonly url?: string;
}

interface Inspected {
  readonly Id: string;
  readonly State: {
    readonly Running: boolean;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
  };
  readonly Config: { readonly ExposedPorts?: Readonly<Record<string, object>> | null };
  readonly NetworkSettings: {
    readonly Ports?: Readonly<Record<string, readonly Published[] | null>> | null;
    readonly Networks: Readonly<Record<string, { readonly IPAddress?: string }>>;
  };
}

interface Published {
  readonly HostIp: string;
  readonly HostPort: string;
}

/** How long Docker may take to write down an end that the kernel already told. */
const endNoticeMs = 5_000;
const listenLimitMs = 10_000;
const pollMs = 50;
const keptLines = '200';

/** Rejects when there is no such container, or its processes cannot be seen from here. */
export async function attachContainer(
  options: ContainerOptions,
  docker: Docker = dockerCommand,
): Promise<Subject> {
  const { name } = options;
  const found = await inspect(name, docker);
  const { Pid: first, Running: isRunning } = found.State;
  if (!isRunning) throw new Error(`Cannot attach to container ${name}: it does not run.`);
  requireSight(name, first, found.Id);
  const { url, insideUrl } = addressOf(name, found, options.url);
  const root = (await untilListens(insideUrl, first)) ?? first;
  const base = await attachPid({ pid: root, url, insideUrl, name: `container ${name}` });
  let isLetGo = false;
  const ended = base.ended.then((sentence) =>
    isLetGo ? sentence : howItEnded(name, root, docker).catch(() => sentence),
  );
  return {
    ...base,
    name: `container ${name}`,
    processes: () => processTree(first),
    missing: {
      ...base.missing,
      restart: `container ${name} was started by someone else. Let leakbed start it: run -- COMMAND.`,
    },
    ended,
    lastOutput: () => lastLines(name),
    async [Symbol.asyncDispose]() {
      isLetGo = true;
      await base[Symbol.asyncDispose]();
    },
  };
}

async function inspect(name: string, docker: Docker): Promise<Inspected> {
  const [found] = JSON.parse(await docker(['container', 'inspect', name])) as Inspected[];
  if (found === undefined) throw new Error(`Cannot attach to container ${name}: it is not there.`);
  return found;
}

/** Below the container's first process, which may be an init or a shell, and just starting. */
async function untilListens(insideUrl: string, first: number): Promise<number | undefined> {
  for (let waitedMs = 0; waitedMs < listenLimitMs; waitedMs += pollMs) {
    const found = listenerOf(insideUrl, processTree(first));
    if (found !== undefined) return found;
    await sleep(pollMs);
  }
  return undefined;
}

/** The PID is the engine's: here it may be another process, or none. */
function requireSight(name: string, pid: number, id: string): void {
  try {
    if (readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(id)) return;
    // With a cgroup namespace of its own only "/" is told; the mounts name the container too.
    if (readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(id)) return;
  } catch {
    // No such process here, or another user's: the same remedy.
  }
  throw new Error(
    `Cannot attach to container ${name}: its process ${pid} cannot be seen from here. Run leakbed ` +
      "as root on the engine's machine, or in a container with --pid host.",
  );
}

/** As it is asked from here, and as it listens inside. */
export function addressOf(
  name: string,
  { Config, NetworkSettings }: Pick<Inspected, 'Config' | 'NetworkSettings'>,
  given?: string,
) {
  const published = Object.entries(NetworkSettings.Ports ?? {})
    .filter(([port]) => isTcp(port))
    .flatMap(([port, hosts]) =>
      (hosts ?? []).map(({ HostIp, HostPort }) => ({
        inside: Number.parseInt(port, 10),
        url: `http://${hostOf(HostIp)}:${HostPort}`,
      })),
    );
  const local = (port: number) => `http://127.0.0.1:${port}`;
  if (given !== undefined) {
    const mapped = published.find(({ url }) => portOf(url) === portOf(given));
    return { url: given, insideUrl: local(mapped?.inside ?? portOf(given)) };
  }
  const [first] = published;
  if (first !== undefined) return { url: first.url, insideUrl: local(first.inside) };
  const address = Object.values(NetworkSettings.Networks).find(({ IPAddress }) => IPAddress);
  const exposed = Object.keys(Config.ExposedPorts ?? {}).filter(isTcp);
  const [port, ...more] = exposed.map(Number.parseFloat);
  if (address === undefined || port === undefined || more.length > 0) {
    throw new Error(
      `Cannot tell where container ${name} listens: it publishes no port, and does not expose just ` +
        'one. Name its address by --url.',
    );
  }
  return { url: `http://${address.IPAddress}:${port}`, insideUrl: local(port) };
}

/** Docker writes a port as 8080/tcp. */
const isTcp = (port: string) => !/\/(?:udp|sctp)$/.test(port);

/** The address that a port is published on, as a URL has it. */
function hostOf(address: string): string {
  if (/^(0\.0\.0\.0|::|)$/.test(address)) return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}

async function howItEnded(name: string, pid: number, docker: Docker): Promise<string> {
  let state = (await inspect(name, docker)).State;
  for (let waitedMs = 0; state.Running && waitedMs < endNoticeMs; waitedMs += pollMs) {
    await sleep(pollMs);
    state = (await inspect(name, docker)).State;
  }
  const signal = state.ExitCode > 128 ? signalName(state.ExitCode - 128) : null;
  return exitSentence({
    name: `container ${name}`,
    pid,
    code: state.ExitCode,
    signal,
    stoppedByUs: false,
    oomKills: state.OOMKilled ? 1 : 0,
    lastOutput: lastLines(name),
  });
}

function signalName(signal: number): string | null {
  const known = Object.entries(constants.signals).find(([, value]) => value === signal);
  return known?.[0] ?? null;
}

function lastLines(name: string): string {
  const { stdout = '', stderr = '' } = spawnSync('docker', ['logs', '--tail', keptLines, name], {
    encoding: 'utf8',
    timeout: endNoticeMs,
    maxBuffer: 1024 ** 2,
  });
  return `${stdout}${stderr}`.trim();
}
