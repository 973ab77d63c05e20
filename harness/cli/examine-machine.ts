// The work of `leakbed doctor`: each ability is tried on this machine, on a process of its own
// where it takes one, and told with what it serves and what would help.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { memoryCgroup } from '../probes/cgroup-files.ts';
import { allProbes } from '../probes/index.ts';
import { openInspector } from '../subjects/inspector-door.ts';
import { whyNoOwnNetwork } from '../subjects/own-network.ts';

export interface Finding {
  readonly name: string;
  /** What was found, or what was refused. */
  readonly found: string;
  readonly serves: string;
  /** What would help; null where nothing is amiss. */
  readonly remedy: string | null;
  /** Whether `leakbed run` is of little use without it. */
  readonly isNeeded: boolean;
}

export interface MachineReport {
  readonly findings: readonly Finding[];
  readonly probes: readonly {
    readonly name: string;
    readonly needs: readonly string[];
    readonly cost: string;
    readonly canRun: boolean;
  }[];
}

const answerTimeoutMs = 10_000;
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function examineMachine(): Promise<MachineReport> {
  const findings = [
    node(),
    processors(),
    ...(await anotherProcess()),
    cgroup(),
    limits(),
    network(),
    docker(),
    python(),
    chromium(),
  ];
  const able = new Set(findings.filter(({ remedy }) => remedy === null).map(({ name }) => name));
  const probes = allProbes().map(({ name, needs, cost }) => ({
    name,
    needs,
    cost,
    canRun: needs.every((need) => {
      // A metrics page is the gateway's affair, and any machine can read one.
      return need === 'metrics-page' || able.has(need === 'python-agent' ? 'python' : need);
    }),
  }));
  return { findings, probes };
}

function node(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    name: 'node',
    found: `Node ${process.versions.node}, V8 ${process.versions.v8}`,
    serves: 'memory figures depend on it; leakbed brings its own',
    remedy: major >= 24 ? null : 'Run leakbed by its own command, which brings Node 24.',
    isNeeded: true,
  };
}

function processors(): Finding {
  const count = availableParallelism();
  const [load = 0] = loadavg();
  const isBusy = load > count;
  return {
    name: 'processors',
    found: `${count} cores, load ${load.toFixed(1)}`,
    serves: 'latency is only as good as what is left over',
    remedy: isBusy ? 'Others keep the machine busy: latencies of a run will be theirs too.' : null,
    isNeeded: false,
  };
}

/** Tried on a Node process of ours that was started without an inspector. */
async function anotherProcess(): Promise<Finding[]> {
  const script = 'setTimeout(() => {}, 60_000); process.stdout.write("up")';
  const child = spawn(process.execPath, ['--inspect-port=127.0.0.1:0', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const door = await openInspector(pid, { apiPorts: [], mayOpen: true });
    return [procfs(pid), inspector(door.url === null ? door.missing : null)];
  } finally {
    child.kill('SIGKILL');
  }
}

function procfs(pid: number): Finding {
  const shared = { name: 'procfs', isNeeded: true };
  const serves = 'RSS, PSS, descriptors, sockets, CPU of any process';
  try {
    readFileSync(`/proc/${pid}/smaps_rollup`);
    return { ...shared, serves, found: '/proc of other processes is readable', remedy: null };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const remedy =
      'Run on Linux, as the same user as the gateway or as root; in a container, in its PID ' +
      'namespace (docker: pid: "service:NAME", cap_add: SYS_PTRACE).';
    return { ...shared, serves, found: `/proc of another process: ${why}`, remedy };
  }
}

function inspector(missing: string | null): Finding {
  return {
    name: 'inspector',
    found: missing ?? 'SIGUSR1 opened the inspector of a Node process that runs',
    serves: 'live heap, collections, event loop, diagnosis of Node',
    remedy:
      missing === null ? null : 'Start the gateway with --inspect=127.0.0.1:0, on this network.',
    isNeeded: true,
  };
}

function cgroup(): Finding {
  const files = memoryCgroup('self');
  return {
    name: 'cgroup',
    found: files === null ? 'memory is not accounted' : `version ${files.version}, ${files.folder}`,
    serves: 'current and peak memory of a container, kills for memory',
    remedy: files === null ? 'Mount the cgroup filesystem, or run in a container.' : null,
    isNeeded: false,
  };
}

/** Of processes of the same user; whether that of this one can be read tells that prlimit works. */
function limits(): Finding {
  const args = ['--pid', String(process.pid), '--rss'];
  const { status, error } = spawnSync('prlimit', args, { timeout: answerTimeoutMs });
  const isAble = error === undefined && status === 0;
  return {
    name: 'limits',
    found: isAble ? 'prlimit sets them' : 'there is no prlimit that may set them',
    serves: 'memory-pressure on a gateway that has no cgroup of its own',
    remedy: isAble ? null : 'Install util-linux.',
    isNeeded: false,
  };
}

function network(): Finding {
  const refused = whyNoOwnNetwork({ hosts: [], addresses: {} });
  return {
    name: 'namespaces',
    found: refused ?? 'a network and a hosts file of its own can be made',
    serves: '--transparent',
    remedy: refused === null ? null : 'Run as root; in a container, with --privileged.',
    isNeeded: false,
  };
}

function docker(): Finding {
  const said = answerOf('docker', ['version', '--format', '{{.Server.Version}}']);
  return {
    name: 'docker',
    found: said === null ? 'no engine answers' : `engine ${said}`,
    serves: 'gateways in containers, compose.yaml',
    remedy: said === null ? 'Install Docker and start it; be root or in its group.' : null,
    isNeeded: false,
  };
}

function python(): Finding {
  const said = answerOf('python3', ['-c', 'import sys, venv; print(sys.version.split()[0])']);
  const isNew = said !== null && Number(said.split('.')[1]) >= 10;
  return {
    name: 'python',
    found: said === null ? 'no python3 with venv' : `Python ${said}`,
    serves: 'Python gateways: live blocks, tasks, lines that allocate',
    remedy: isNew ? null : 'Install Python 3.10 or later, with venv (apt: python3-venv).',
    isNeeded: false,
  };
}

function chromium(): Finding {
  const path = browsers.find((place) => existsSync(place));
  return {
    name: 'chromium',
    found: path ?? 'none',
    serves: "only leakbed's own tests of the report page",
    remedy: path === undefined ? 'apt-get install chromium, if you work on the report.' : null,
    isNeeded: false,
  };
}

/** The first line a command prints, or null where it is missing or fails. */
function answerOf(command: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: answerTimeoutMs,
  });
  return status === 0 ? (stdout.split('\n')[0] ?? '').trim() : null;
}
