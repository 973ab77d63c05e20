// The program: starts the fake twice, asks it through every client, each in a process and language
// of its own, and prints one table of clients by operations. Exit code 0: every cell that a client
// supports passed; 1: one did not; 77: no client could be installed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../../injectors/determinism.ts';
import { exampleKey } from '../../../../mocks/auth/accounts.ts';
import { type Client, clients, type Registry } from './clients.ts';
import { type Installed, install } from './install.ts';
import { type Cell, problemsOf, readCell, tableOf } from './report.ts';
import type { Door } from './suites/cells.ts';

const bin = fileURLToPath(import.meta.resolve('../../../../harness/cli/leakbed.mjs'));
const suiteLimitMs = 90_000;

interface Fake {
  readonly url: string;
  readonly tlsUrl?: string;
  readonly caFile?: string;
  readonly controlUrl: string;
  stop(): Promise<void>;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const startedMs = systemClock.nowMs();
  const installed = await installAll();
  const installedMs = systemClock.nowMs();
  const fakes = [await startFake(), await startFake('--auth', 'verify', '--tls')] as const;
  const cells: Cell[] = [];
  const problems: string[] = [];
  const skipped: string[] = [];
  try {
    for (const client of clients) {
      const home = installed.get(client.registry) ?? { reason: 'it was not tried' };
      if (home.reason !== undefined) {
        skipped.push(`${client.name}: ${home.reason}`);
        continue;
      }
      const { rows, problem } = await runSuite(client, home, fakes);
      cells.push(...rows);
      problems.push(...problemsOf(client, rows), ...(problem === undefined ? [] : [problem]));
    }
  } finally {
    await Promise.all(fakes.map((fake) => fake.stop()));
  }
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  const asked = seconds(systemClock.nowMs() - installedMs);
  const times = `Installed in ${seconds(installedMs - startedMs)}, asked in ${asked}.`;
  process.stdout.write(tableOf({ cells, problems, skipped, times }));
  if (problems.length > 0) return 1;
  return cells.length === 0 ? 77 : 0;
}

async function installAll(): Promise<ReadonlyMap<Registry, Installed>> {
  const registries = [...new Set(clients.map(({ registry }) => registry))];
  const done = registries.map(async (name) => [name, await install(name)] as const);
  return new Map(await Promise.all(done));
}

async function startFake(...flags: readonly string[]): Promise<Fake> {
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

/** Off: any key will do. Verifying: only the example key does, with a true signature. */
function doorsOf([off, verifying]: readonly [Fake, Fake]): readonly Door[] {
  const door = (name: string, fake: Fake, url: string, verifies: boolean): Door => ({
    name,
    url,
    journalUrl: `${fake.controlUrl}/journal`,
    verifies,
    accessKeyId: verifies ? exampleKey.id : 'made-up',
    secretAccessKey: verifies ? exampleKey.secret : 'made-up',
  });
  return [
    door('http', off, off.url, false),
    door('http verified', verifying, verifying.url, true),
    door('https verified', verifying, verifying.tlsUrl ?? '', true),
  ];
}

async function runSuite(
  client: Client,
  { folder, program }: { readonly folder: string; readonly program: string },
  fakes: readonly [Fake, Fake],
): Promise<{ readonly rows: readonly Cell[]; readonly problem: string | undefined }> {
  const caFile = fakes[1].caFile ?? '';
  const setup = {
    client: client.name,
    version: client.version,
    folder,
    doors: doorsOf(fakes),
    caFile,
  };
  const child = spawn(program, client.arguments, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LEAKBED_SUITE: JSON.stringify(setup),
      NODE_EXTRA_CA_CERTS: caFile,
      AWS_CA_BUNDLE: caFile,
      SSL_CERT_FILE: caFile,
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
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
