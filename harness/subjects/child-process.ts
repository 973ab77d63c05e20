// A gateway that leakbed starts: in a process group of its own, watched until it is ready, ended
// as a group. What is measured is the process of that group which serves the API, so wrappers such
// as npm are not mistaken for the gateway.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { sleep } from '../../injectors/determinism.ts';
import { exitSentence } from './exit-sentence.ts';
import { lookAtGroup } from './look-at-group.ts';
import { withNodeOptions } from './node-options.ts';
import { oomKillCounter } from './oom-kills.ts';
import { type OutputTail, outputTail } from './output-tail.ts';
import { endGroup, guardGroup } from './process-group.ts';
import { type PythonAgents, preparePythonAgents } from './python-agent.ts';
import { announcedUrl, baseUrl, isTaken, untilHealthy } from './readiness.ts';
import type { Capability, Subject } from './subject.ts';

export interface ChildProcessOptions {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Added to leakbed's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Where the API will be. Left out: the child prints a JSON line with "url" once it listens. */
  readonly url?: string;
  /** Asked until it answers 2xx, where `url` is given. */
  readonly healthPath?: string;
  readonly readyTimeoutMs?: number;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs?: number;
  /** Open a V8 inspector where the gateway is Node; on by default. */
  readonly inspect?: boolean;
  /** Further arguments for Node, for instance a preload: ['--import', 'file:///…']. */
  readonly nodeArgs?: readonly string[];
  /** What the preload adds, for instance 'billing-hook'. */
  readonly extraCapabilities?: readonly Capability[];
  /** Gives up waiting for readiness. */
  readonly signal?: AbortSignal;
}

export interface ChildSubject extends Subject {
  /** Ends the whole process group; resolves with the sentence of `ended`. Safe to call twice. */
  stop(): Promise<string>;
}

const defaults = { healthPath: '/health', readyTimeoutMs: 20_000, stopGraceMs: 5_000 };

/** Starts the command and waits until it is ready. On failure nothing is left running. */
export async function startChildProcess(options: ChildProcessOptions): Promise<ChildSubject> {
  if (options.url !== undefined && (await isTaken(options.url))) {
    throw startError(options, `${options.url} already answers. Stop what listens there`, '');
  }
  const agents = await preparePythonAgents({ ...process.env, ...options.env });
  const env = { ...options.env, ...agents.env };
  const child = await launch({ ...options, env }, agents).catch((error: unknown) =>
    agents.remove().then(() => Promise.reject(error)),
  );
  try {
    const url = await ready(child, options);
    const seen = await lookAtGroup(child, url, options, agents);
    return {
      name: options.name,
      url,
      ...seen,
      ended: child.ended,
      lastOutput: child.tail.text,
      stop: child.stop,
      [Symbol.asyncDispose]: async () => void (await child.stop()),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

interface LaunchedChild {
  readonly pid: number;
  readonly tail: OutputTail;
  readonly announced: Promise<string>;
  readonly inspectorUrls: readonly string[];
  readonly ended: Promise<string>;
  stop(): Promise<string>;
}

async function launch(options: ChildProcessOptions, agents: PythonAgents): Promise<LaunchedChild> {
  const { file, args, env } = withNodeOptions(options.command, ownEnvironment(options.env ?? {}), {
    inspect: options.inspect ?? true,
    nodeArgs: options.nodeArgs ?? [],
  });
  const child = spawn(file, args, {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const tail = outputTail();
  const inspectorUrls: string[] = [];
  const announced = Promise.withResolvers<string>();
  tail.follow(child.stdout as Readable, (line) => {
    const url = announcedUrl(line);
    if (url !== undefined) announced.resolve(url);
  });
  tail.follow(child.stderr as Readable, (line) => {
    const url = /^Debugger listening on (ws:\/\/\S+)/.exec(line)?.[1];
    if (url !== undefined && inspectorUrls.length < 16) inspectorUrls.push(url);
  });
  const pid = await spawned(child, options);
  let stoppedByUs = false;
  const ended = watchEnd(child, pid, options.name, tail, () => stoppedByUs);
  const dismissGuard = await guardGroup(pid, agents.folder);
  const end = async () => {
    stoppedByUs = child.exitCode === null && child.signalCode === null;
    await endGroup(pid, options.stopGraceMs ?? defaults.stopGraceMs);
    dismissGuard();
    await agents.remove();
    return await ended;
  };
  let stopping: Promise<string> | undefined;
  const stop = () => {
    stopping ??= end();
    return stopping;
  };
  return { pid, tail, announced: announced.promise, inspectorUrls, ended, stop };
}

async function spawned(child: ChildProcess, options: ChildProcessOptions): Promise<number> {
  try {
    await once(child, 'spawn');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw startError(options, `${reason}. Check the command and the folder it runs in`, '');
  }
  return child.pid ?? 0;
}

async function watchEnd(
  child: ChildProcess,
  pid: number,
  name: string,
  tail: OutputTail,
  stoppedByUs: () => boolean,
): Promise<string> {
  const oomKills = oomKillCounter(pid);
  const before = oomKills();
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  // The last words may still be in the pipe; a grandchild may also hold it open for long.
  await Promise.race([closed, sleep(200)]);
  const after = oomKills();
  return exitSentence({
    name,
    pid,
    code,
    signal,
    stoppedByUs: stoppedByUs(),
    oomKills: before === null || after === null ? null : after - before,
    lastOutput: tail.text(),
  });
}

async function ready(child: LaunchedChild, options: ChildProcessOptions): Promise<string> {
  const limitMs = options.readyTimeoutMs ?? defaults.readyTimeoutMs;
  const over = new AbortController();
  const signals = options.signal === undefined ? [over.signal] : [over.signal, options.signal];
  const signal = AbortSignal.any(signals);
  const health = options.healthPath ?? defaults.healthPath;
  const url = options.url === undefined ? undefined : baseUrl(options.url);
  const awaited = url === undefined ? 'a line {"url":"…"} on stdout' : `2xx from ${url}${health}`;
  const fail = (reason: string) => startError(options, reason, child.tail.text());
  try {
    return await Promise.race([
      url === undefined ? child.announced : untilHealthy(`${url}${health}`, signal).then(() => url),
      child.ended.then((sentence) => {
        throw fail(`it ended before it was ready. ${sentence.slice(0, -1)}`);
      }),
      sleep(limitMs, signal).then(() => {
        throw fail(`no ${awaited} within ${limitMs} ms. Is it slow, or on another port?`);
      }),
    ]);
  } catch (error) {
    throw options.signal?.aborted === true ? fail('leakbed was told to stop') : error;
  } finally {
    over.abort();
  }
}

function ownEnvironment(added: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
  return { ...(Object.fromEntries(own) as Record<string, string>), ...added };
}

function startError(options: ChildProcessOptions, reason: string, output: string): Error {
  const last = output.split('\n').slice(-20).join('\n');
  const said = last === '' ? 'It wrote nothing.' : `Its last output:\n${last}`;
  const stop = /[.?]$/.test(reason) ? reason : `${reason}.`;
  return new Error(
    `Cannot start ${options.name} ("${options.command.join(' ')}"): ${stop} ${said}`,
  );
}
