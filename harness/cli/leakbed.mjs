#!/usr/bin/env node
// Entry of the command line. It runs on any Node: memory figures depend on V8's version, so the
// work itself is handed to the pinned Node 24 of this package where another one runs.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { fileURLToPath } from 'node:url';

const wanted = 24;

/** The binary that the pinned package carries, or undefined on other platforms. */
function pinnedNode() {
  try {
    const name = `node-${platform()}-${arch()}/package.json`;
    const binary = createRequire(import.meta.url)
      .resolve(name)
      .replace('package.json', 'bin/node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** Exit code 1 means "the gateway leaks", so what Node would end with 1 must end with 255. */
function crash(error) {
  console.error('leakbed: crashed; this is a bug of leakbed.');
  console.error(error);
  process.exit(255);
}

async function work() {
  process.on('uncaughtException', crash);
  // The wrapper below is gone: whoever killed it meant this process.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
  // A checkout runs its sources; the package, which Node strips no types in, its build, and has
  // this file in both places.
  const places = ['./main.ts', './main.js', '../../dist/harness/cli/main.js'];
  const found = places.map((place) => new URL(place, import.meta.url)).find(existsSync);
  // Types are stripped and code is compiled once, not at each start: half the time, 20 MB less.
  module.enableCompileCache?.();
  const { main } = await import(found);
  await main(process.argv);
}

/** Runs the same command on the pinned Node; signals are passed on, the exit code comes back. */
function handOver() {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `leakbed: Cannot run on Node ${process.versions.node}: it needs Node ${wanted}. ` +
        `Install Node ${wanted}, or reinstall leakbed with its optional dependencies.`,
    );
    process.exit(254);
  }
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // Ctrl-C reaches the whole terminal group, this process and the child; the child counts a
  // signal that comes twice at once as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  // Whoever started this process with a channel and is gone meant both.
  if (process.channel) process.on('disconnect', () => child.kill('SIGTERM'));
  child.on('error', crash);
  child.on('exit', (status) => process.exit(status ?? 255));
}

if (Number(process.versions.node.split('.')[0]) === wanted) await work().catch(crash);
else handOver();
