// Other fakes that npm carries, installed into a cached scratch folder with the versions of peers/:
// each is a program of baselines/ that is told the folder.

import { fileURLToPath } from 'node:url';
import { type Installed, install, npm } from '../../conformance/clients/install.ts';
import { findNginx, startNginx } from '../../fixtures/nginx.ts';
import { measured, type ServerProcess, startServer } from './server-process.ts';

const recipe = {
  ...npm(new URL('peers/', import.meta.url)),
  name: 'bench-peers',
  // `npm ci` refuses the lock for an optional package that has no release for all platforms.
  commands: () => [['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund']],
};

export type Peer = ServerProcess | { readonly reason: string };

export const installPeers = (): Promise<Installed> => install(recipe);

/** ConverseStream in its own way, with so many pieces of so many bytes. */
export function startAimock(
  installed: Installed,
  pieces: number,
  pieceBytes: number,
): Promise<Peer> {
  return startPeer('baselines/aimock.ts', installed, [String(pieces), String(pieceBytes)]);
}

/** The same bytes for whatever is asked. */
export function startMockttp(installed: Installed, file: string, type: string): Promise<Peer> {
  return startPeer('baselines/mockttp.ts', installed, [file, type]);
}

async function startPeer(
  program: 'baselines/aimock.ts' | 'baselines/mockttp.ts',
  installed: Installed,
  words: readonly string[],
): Promise<Peer> {
  if (installed.reason !== undefined) return { reason: installed.reason };
  const path = fileURLToPath(new URL(program, import.meta.url));
  return await startServer([path, installed.folder, ...words]);
}

/** Serves `folder`/files. */
export async function startNginxPeer(folder: string): Promise<Peer> {
  const found = await findNginx();
  if ('reason' in found) return found;
  const { url, pid, stop } = await startNginx(found.program, folder);
  return measured(pid, url, stop);
}
