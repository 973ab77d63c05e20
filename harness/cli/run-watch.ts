// The work of `leakbed watch`: opens the target, watches it until its time is over or Ctrl-C, and
// says how it was.

import { readdirSync } from 'node:fs';
import { systemClock } from '../../injectors/determinism.ts';
import { commandLine } from '../subjects/process-info.ts';
import type { Outcome } from '../verdict.ts';
import { openPageTarget } from '../watch/page-target.ts';
import { firstOfContainer, openProcessTarget, successorOf } from '../watch/process-target.ts';
import { receiverOf } from '../watch/receivers.ts';
import type { Target } from '../watch/target.ts';
import type { WatchStatus } from '../watch/watch-status.ts';
import { startWatch } from '../watch/watcher.ts';
import { exitCodes, UsageError } from './exit-codes.ts';
import { printJson } from './json-document.ts';
import { listening } from './listening.ts';
import type { WatchFlags } from './watch.ts';

const profiledWindows = 3;

export async function runWatch(flags: WatchFlags): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stop.abort());
  }
  await using stack = new AsyncDisposableStack();
  const target = stack.use(await openTarget(flags));
  const tell = (line: string) => console.error(`${stamp()} ${line}`);
  const watcher = startWatch({
    target,
    receivers: flags.alert.map((where) => receiverOf(where)),
    rules: { windowMs: flags.window, allowedRise: flags.allow ?? 0 },
    everyMs: Math.min(flags.every, flags.window / 2),
    limitBytes: flags.limit,
    diagnoseMs: flags.diagnose === true ? profiledWindows * flags.window : null,
    clock: systemClock,
    signal: stop.signal,
    tell,
  });
  if (flags.metricsPort !== undefined) {
    const { serveMetrics } = await import('../metrics/serve-metrics.ts');
    const { watchRegistry } = await import('../watch/watch-metrics.ts');
    const registry = watchRegistry(target, () => watcher.status);
    const token = process.env.LEAKBED_TOKEN;
    const opening = serveMetrics({ ...flags.metricsPort, token, registry });
    const names = { port: '--metrics-port', address: '--metrics-port HOST:PORT' };
    const server = stack.use(await listening(flags.metricsPort, opening, names));
    tell(`Metrics on ${server.url}`);
  }
  tell(`Watching ${target.name}, its work in ${target.unit}. Ctrl-C ends it.`);
  const cancel = flags.for && systemClock.after(flags.for, () => stop.abort());
  await watcher.done;
  if (cancel) cancel();
  const { status } = watcher;
  const outcome = outcomeOf(status);
  tell(`${outcome}: ${target.name} was ${status.judgement.state}, ${status.alertCount} alerts.`);
  printJson(flags, { ...documentOf(target, status), outcome });
  process.exitCode = exitCodes[outcome];
}

const stamp = () => systemClock.wallTime().toISOString().slice(0, 19).replace('T', ' ');

function outcomeOf({ alertCount, judgement }: WatchStatus): Outcome {
  if (alertCount > 0) return 'fail';
  return judgement.state === 'ok' ? 'pass' : 'inconclusive';
}

function documentOf({ name, unit }: Target, status: WatchStatus) {
  const { judgement, reading, ...rest } = status;
  const { state, evidence, learntMs, floorBytes } = judgement;
  const seen = { state, evidence, learntSeconds: learntMs / 1000, floorBytes };
  return { schema: 1, target: name, unit, ...seen, memory: reading?.memory ?? null, ...rest };
}

async function openTarget(flags: WatchFlags): Promise<Target> {
  const { pid, match, container, url, name, requests, requestsMetric, packets } = flags;
  const ways = [
    (pid !== undefined || match !== undefined) && '--pid or --match',
    container !== undefined && '--container',
    url !== undefined && '--url',
  ].filter((way) => way !== false);
  if (ways.length !== 1) {
    const said = ways.length === 0 ? 'nothing' : ways.join(' and ');
    throw new UsageError(`Cannot watch ${said}: name one of --pid, --match, --container, --url.`);
  }
  const counted = { metricsUrl: requests, requestsMetric, byPackets: packets };
  try {
    if (url !== undefined) return await openPageTarget({ url, name, requestsMetric });
    if (container !== undefined) {
      const find = firstOfContainer(container);
      return await openProcessTarget({ name: name ?? `container-${container}`, find, ...counted });
    }
    const pattern = match === undefined ? null : new RegExp(match);
    const find = successorOf(pid ?? null, pattern, runningProcesses);
    const first = pid ?? (await find());
    return await openProcessTarget({ name: name ?? `pid-${first}`, find, ...counted });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Not the watcher itself, whose command line holds the pattern. */
function runningProcesses() {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => ({ pid: Number(entry), words: commandLine(Number(entry)).join(' ') }))
    .filter(({ pid, words }) => words !== '' && pid !== process.pid && pid !== process.ppid);
}
