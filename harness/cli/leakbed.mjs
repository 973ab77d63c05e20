#!/usr/bin/env node
// Entry of the command line. It runs on any Node: memory figures depend on V8's version, so the
// work itself is handed to the pinned Node 24 of this package where another one runs.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
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

if (Number(process.versions.node.split('.')[0]) === wanted) {
  // A checkout runs its sources; the package, which Node strips no types in, its build.
  const source = new URL('./main.ts', import.meta.url);
  const built = new URL('../../dist/harness/cli/main.js', import.meta.url);
  const { main } = await import(existsSync(source) ? source : built);
  await main(process.argv);
} else {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `leakbed: Cannot run on Node ${process.versions.node}: it needs Node ${wanted}. ` +
        `Install Node ${wanted}, or reinstall leakbed with its optional dependencies.`,
    );
    process.exit(254);
  }
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  // Ctrl-C reaches the whole terminal group: the child answers it, this wrapper waits for that.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  const { status, signal } = spawnSync(node, args, { stdio: 'inherit' });
  process.exit(status ?? (signal === null ? 255 : 2));
}
