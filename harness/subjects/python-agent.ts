// The agent of a Python gateway: a folder that only its owner can enter holds the agent's sources
// and, while the gateway runs, one socket for each of its Python processes. PYTHONPATH makes Python
// load it by itself, in wrappers and workers as well; anything else does not look at it.
// Source: https://docs.python.org/3/library/site.html (sitecustomize).

import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { detectRuntime } from './process-info.ts';

export interface PythonAgents {
  readonly folder: string;
  /** What the gateway is to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** The socket of a process, or why it has none; null for a process that is not Python. */
  of(pid: number): { readonly path: string } | { readonly missing: string } | null;
  remove(): Promise<void>;
}

const sources = fileURLToPath(new URL('../probes/agents/python', import.meta.url));

/** A copy, because Python writes its compiled form beside the sources. */
export async function preparePythonAgents(
  env: Readonly<Record<string, string | undefined>>,
): Promise<PythonAgents> {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-python-'));
  await cp(sources, folder, { recursive: true });
  const path = [folder, env.PYTHONPATH].filter((part) => part !== undefined && part !== '');
  return {
    folder,
    env: { PYTHONPATH: path.join(delimiter) },
    of(pid) {
      const socket = join(folder, `${pid}.sock`);
      if (existsSync(socket)) return { path: socket };
      return detectRuntime(pid) === 'python' ? { missing: unheard } : null;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const unheard =
  'it did not load the agent. Start it without -I, -E and -S, as the user that runs leakbed, with ' +
  'PYTHONPATH as leakbed sets it; memory is measured from outside otherwise.';

/** For a Python process that leakbed did not start. */
export const notStartedHere =
  'the agent is loaded at start. Let leakbed start the gateway: run -- COMMAND.';
