// A gateway that is several processes: gunicorn's and uvicorn's master with its workers, a Node
// cluster's primary with its own, whatever else the serving process has started. From outside all
// are measured together; from inside one is, and that must be one which does the work.
// Source: https://nodejs.org/api/cluster.html (NODE_UNIQUE_ID in the environment of a worker).

import { readOrEmpty } from '../probes/cgroup-files.ts';
import { listenerOf } from './listening-ports.ts';
import { descendants, detectRuntime } from './process-info.ts';

/** The process itself first. */
export function processTree(root: number): number[] {
  return [root, ...descendants(root)];
}

/** Those that do the work: below a master that only hands out connections, its workers. */
export function workersOf(url: string, root: number): readonly number[] {
  const runtime = detectRuntime(root);
  const isWorker =
    runtime === 'python'
      ? (pid: number) => listenerOf(url, [pid]) !== undefined
      : runtime === 'node'
        ? isClusterWorker
        : () => false;
  const workers = descendants(root).filter(isWorker);
  // A worker may be a master in turn.
  const last = workers.filter((pid) => !descendants(pid).some((below) => workers.includes(below)));
  return last.length === 0 ? [root] : last;
}

function isClusterWorker(pid: number): boolean {
  return /(^|\0)NODE_UNIQUE_ID=/.test(readOrEmpty(`/proc/${pid}/environ`));
}
