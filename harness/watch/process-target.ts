// A process on this machine with all that it has started, or a container's: memory, CPU time and
// packets from /proc, a few microseconds of the watcher's time and none of the target's. When it
// ends the one that takes its place is looked for, and watched from there on.

import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Docker, dockerCommand } from '../../injectors/ambient/docker.ts';
import { readCgroup } from '../probes/cgroup.ts';
import { type CgroupFiles, memoryCgroup, readOrEmpty } from '../probes/cgroup-files.ts';
import { fetchPage } from '../probes/metrics-text.ts';
import { type ProcFigures, procFigures } from '../probes/proc-figures.ts';
import { listeningPorts } from '../subjects/listening-ports.ts';
import { hasOwnCgroup } from '../subjects/oom-kills.ts';
import { attachPid } from '../subjects/pid.ts';
import { processState } from '../subjects/process-info.ts';
import { processTree } from '../subjects/process-tree.ts';
import type { Subject } from '../subjects/subject.ts';
import { type RequestCounter, requestCounter } from './page-target.ts';
import type { Target, TargetReading, WorkUnit } from './target.ts';

export interface ProcessOptions {
  readonly name: string;
  /** The process now, or a sentence on why there is none. */
  readonly find: () => Promise<number>;
  /** Its page of metrics, to count requests by; CPU time stands for them otherwise. */
  readonly metricsUrl?: string | undefined;
  readonly requestsMetric?: string | undefined;
  /** Received packets stand for requests; of a network namespace, so for containers. */
  readonly byPackets?: boolean | undefined;
}

/** Which processes belong to it is asked this often: it takes a walk over all of the machine. */
const meetEvery = 8;

export async function openProcessTarget(options: ProcessOptions): Promise<Target> {
  const requests = await counterOf(options);
  const unit: WorkUnit = requests?.unit ?? (options.byPackets === true ? 'packets' : 'cpu_ms');
  let family: Family | null = null;
  const followed = async () => {
    if (family?.isAlive() === true) return family;
    family?.close();
    family = null;
    family = openFamily(await options.find());
    return family;
  };
  await followed();
  return {
    name: options.name,
    unit,
    async read() {
      const { pid, life, read, cgroup } = await followed();
      const { rss, anon, cpuMs } = read();
      const held = cgroup === null ? undefined : readCgroup(cgroup).cgroupBytes;
      const work =
        requests === null
          ? unit === 'packets'
            ? receivedPackets(pid)
            : cpuMs
          : requests.countIn(await fetchPage(options.metricsUrl ?? ''));
      if (work === undefined) throw new Error(`Cannot count the work of ${options.name}.`);
      const memory = { rss, anon, ...(held !== undefined && { cgroup: held }) };
      return { life, memory, channel: 'anon', work } satisfies TargetReading;
    },
    limitBytes: () => (family?.cgroup ? limitOf(family.cgroup) : null),
    open: async () => await openSubject(await followed(), options.name),
    async [Symbol.asyncDispose]() {
      family?.close();
    },
  };
}

async function counterOf(options: ProcessOptions): Promise<RequestCounter | null> {
  const { metricsUrl: url, requestsMetric } = options;
  return url === undefined ? null : requestCounter(await fetchPage(url), { url, requestsMetric });
}

interface Family {
  readonly pid: number;
  readonly life: string;
  /** Where its memory is accounted apart from the watcher's. */
  readonly cgroup: CgroupFiles | null;
  isAlive(): boolean;
  /** Sums; throws when the first process has ended. */
  read(): { readonly rss: number; readonly anon: number; readonly cpuMs: number };
  close(): void;
}

function openFamily(pid: number): Family {
  const started = processState(pid)?.startTicks;
  const members = new Map<number, ProcFigures>();
  let reads = 0;
  /** Of processes that have ended, so that the sum does not fall. */
  let pastCpuMs = 0;
  const lastCpuMs = new Map<number, number>();
  const leave = (member: number) => {
    members.get(member)?.close();
    members.delete(member);
    pastCpuMs += lastCpuMs.get(member) ?? 0;
    lastCpuMs.delete(member);
  };
  const meet = () => {
    for (const member of processTree(pid)) {
      if (members.has(member)) continue;
      try {
        members.set(member, procFigures(member));
      } catch (error) {
        if (member === pid) throw unreadable(pid, error);
      }
    }
  };
  meet();
  return {
    pid,
    life: `${pid} ${started}`,
    cgroup: hasOwnCgroup(pid) ? memoryCgroup(pid) : null,
    isAlive() {
      const state = processState(pid);
      return state !== null && state.state !== 'Z' && state.startTicks === started;
    },
    read() {
      if (++reads % meetEvery === 0) meet();
      let [rss, anon] = [0, 0];
      for (const [member, figures] of members) {
        try {
          const { rssBytes = 0, anonBytes = 0, cpuMs = 0 } = figures.cheap();
          rss += rssBytes;
          anon += anonBytes;
          lastCpuMs.set(member, cpuMs);
        } catch (error) {
          leave(member);
          if (member === pid) throw unreadable(pid, error);
        }
      }
      const cpuMs = [...lastCpuMs.values()].reduce((sum, value) => sum + value, pastCpuMs);
      return { rss, anon, cpuMs };
    },
    close: () => {
      for (const figures of members.values()) figures.close();
      members.clear();
    },
  };
}

function unreadable(pid: number, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`Cannot read PID ${pid}: ${why}. Did it end, or is it another user's?`);
}

/** Over all interfaces but the loopback; proc_pid_net(5). */
function receivedPackets(pid: number): number | undefined {
  const rows = readFileSync(`/proc/${pid}/net/dev`, 'latin1').split('\n').slice(2);
  const counts = rows.flatMap((row) => {
    const [, name, figures] = /^\s*(\S+):\s*(.+)$/.exec(row) ?? [];
    return name === undefined || name === 'lo' ? [] : [Number(figures?.split(/\s+/)[1])];
  });
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function limitOf({ version, folder }: CgroupFiles): number | null {
  const file = version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
  const bytes = Number(readOrEmpty(`${folder}/${file}`) || Number.NaN);
  // Version 1 says "none" as the largest number of pages.
  return bytes < 2 ** 60 ? bytes : null;
}

async function openSubject({ pid }: Family, name: string): Promise<Subject> {
  const [port = 9] = listeningPorts(pid);
  const subject = await attachPid({ pid, url: `http://127.0.0.1:${port}`, name });
  const pythonAgentPath = agentOf(subject.pid ?? pid);
  return pythonAgentPath === undefined ? subject : { ...subject, pythonAgentPath };
}

/** The socket of leakbed's agent in a Python that was started with it on its PYTHONPATH. */
function agentOf(pid: number): string | undefined {
  const path = /(?:^|\0)PYTHONPATH=([^\0]*)/.exec(readOrEmpty(`/proc/${pid}/environ`))?.[1] ?? '';
  const sockets = path.split(delimiter).map((folder) => join(folder, `${pid}.sock`));
  return sockets.find((socket) => existsSync(socket));
}

/** The first process of a container, as Docker tells it; a container that is not there rejects. */
export function firstOfContainer(name: string, docker: Docker = dockerCommand) {
  return async () => {
    const told = await docker(['container', 'inspect', '--format', '{{.State.Pid}}', name]);
    const pid = Number(told.trim());
    if (pid > 0) return pid;
    throw new Error(`Cannot watch container ${name}: it does not run.`);
  };
}

/** `pid` while it lives; then the newest process with its command line, or with that pattern. */
export function successorOf(
  pid: number | null,
  pattern: RegExp | null,
  processes: () => readonly { readonly pid: number; readonly words: string }[],
) {
  let current = pid;
  let words = processes().find((one) => one.pid === pid)?.words;
  return async () => {
    const all = processes();
    const alive = all.find((one) => one.pid === current && one.words === words);
    const isNext = (one: { readonly words: string }) =>
      pattern === null ? one.words === words : pattern.test(one.words);
    const next = alive ?? all.filter(isNext).sort((a, b) => b.pid - a.pid)[0];
    if (next === undefined) {
      const what = pattern === null ? `PID ${pid}` : `a process like ${pattern.source}`;
      throw new Error(`Cannot watch ${what}: none runs here. Find it with "pgrep -af".`);
    }
    [current, words] = [next.pid, next.words];
    return next.pid;
  };
}
