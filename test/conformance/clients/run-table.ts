// Runs a table: starts the fakes, asks them through every client, each in a process and language of
// its own, and prints clients by operations. Exit code 0: every cell that a client supports passed;
// 1: one did not; 77: no client could be installed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../injectors/determinism.ts';
import type { Client } from './client.ts';
import { type Installed, install, type Recipe } from './install.ts';
import { type Cell, lackingCells, problemsOf, readCell, tableOf } from './report.ts';
import type { Door, Setup } from './suites/cells.ts';

const bin = fileURLToPath(import.meta.resolve('../../../harness/cli/leakbed.mjs'));
const suiteLimitMs = 90_000;

export interface Fake {
  readonly url: string;
  readonly tlsUrl?: string;
  readonly caFile?: string;
  readonly controlUrl: string;
  stop(): Promise<void>;
}

export interface Table {
  readonly clients: readonly Client[];
  /** Flags of `leakbed mocks`, for each fake that is wanted. */
  readonly fakes: readonly (readonly string[])[];
  /** The addresses at which every client is asked; the fakes come in the same order. */
  doors(fakes: readonly Fake[]): readonly Door[] | Promise<readonly Door[]>;
  /** What the suites' processes find in their environment; the file holds leakbed's own CA. */
  environment(caFile: string): Readonly<Record<string, string>>;
}

export async function runTable(table: Table): Promise<number> {
  const startedMs = systemClock.nowMs();
  const installed = await installAll(table.clients);
  const installedMs = systemClock.nowMs();
  const fakes = await Promise.all(table.fakes.map(startFake));
  const doors = await table.doors(fakes);
  const caFile = fakes.at(-1)?.caFile ?? '';
  const environment = table.environment(caFile);
  const cells: Cell[] = [];
  const problems: string[] = [];
  const skipped: string[] = [];
  try {
    for (const client of table.clients) {
      const home = installed.get(client.recipe) ?? { reason: 'it was not tried' };
      if (home.reason !== undefined) {
        skipped.push(`${client.name}: ${home.reason}`);
        continue;
      }
      const setup = { client: client.name, folder: home.folder, doors, caFile };
      const { rows, problem } = await runSuite(client, home.program, setup, environment);
      const names = doors.map(({ name }) => name);
      cells.push(...rows);
      problems.push(
        ...problemsOf(client, rows, names),
        ...(problem === undefined ? [] : [problem]),
      );
    }
  } finally {
    await Promise.all(fakes.map((fake) => fake.stop()));
  }
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  const asked = seconds(systemClock.nowMs() - installedMs);
  const times = `Installed in ${seconds(installedMs - startedMs)}, asked in ${asked}.`;
  cells.push(...lackingCells(table.clients, cells));
  process.stdout.write(tableOf({ cells, problems, skipped, times }));
  if (problems.length > 0) return 1;
  return cells.length === 0 ? 77 : 0;
}

async function installAll(clients: readonly Client[]): Promise<ReadonlyMap<Recipe, Installed>> {
  const recipes = [...new Set(clients.map(({ recipe }) => recipe))];
  const done = recipes.map(async (recipe) => [recipe, await install(recipe)] as const);
  return new Map(await Promise.all(done));
}

async function startFake(flags: readonly string[]): Promise<Fake> {
  const args = [bin, 'mocks', '--port', '0', '--seed', '7', '--json', ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const line = once(createInterface({ input: child.stdout }), 'line');
  const [first] = await Promise.race([line, exited]);
  if (typeof first !== 'string') throw new Error(`Cannot start the mocks: exit code ${first}.`);
  return {
    ...JSON.parse(first),
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** One client's program; what it needs to know is in its environment. */
export async function runSuite(
  client: Client,
  program: string,
  setup: Omit<Setup, 'version'>,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly rows: readonly Cell[]; readonly problem: string | undefined }> {
  const { folder } = setup;
  const child = spawn(program, client.arguments, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LEAKBED_SUITE: JSON.stringify({ ...setup, version: client.version }),
      PYTHONPATH: fileURLToPath(import.meta.resolve('./suites')),
      PYTHONDONTWRITEBYTECODE: '1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: suiteLimitMs,
  });
  let said = '';
  child.stderr.on('data', (data) => {
    said = `${said}${data}`.slice(-1000);
  });
  const closed = once(child, 'close');
  const rows: Cell[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const cell = readCell(line);
    if (cell !== undefined) rows.push(cell);
  }
  const [code, signal] = await closed;
  const ending = `${client.name}: its suite ended with ${signal ?? `exit code ${code}`}. ${said}`;
  return { rows, problem: code === 0 ? undefined : ending };
}
