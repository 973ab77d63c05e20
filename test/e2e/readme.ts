// The README's long commands as a newcomer types them: a gateway of one's own, the same with a
// fault, and a gateway that runs already, in three terminals. Uses ports 4010 and 8080.
//
//   node test/e2e/readme.ts

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sleep, within } from '../../injectors/determinism.ts';
import { blocksOf } from '../examples/readme-blocks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const blocks = blocksOf('README.md', readFileSync(`${root}/README.md`, 'utf8'));
const under = (heading: string, language: string) =>
  blocks.filter((block) => block.heading === heading && block.language === language);

/** Its own group, so that npx and what it starts end together. */
function shell(script: string, stdout: 'pipe' | 'inherit'): ChildProcess {
  process.stderr.write(`\n$ ${script}`);
  const stdio = ['ignore', stdout, 'inherit'] as const;
  return spawn('bash', ['-c', script], { cwd: root, stdio: [...stdio], detached: true });
}

async function succeeds(script: string): Promise<void> {
  const [code] = await once(shell(script, 'inherit'), 'exit');
  if (code !== 0) throw new Error(`Exit code ${code} of: ${script}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

async function ownGateway(): Promise<void> {
  const [source] = under('Test your own gateway', 'js');
  const commands = under('Test your own gateway', 'sh');
  const [plain, withFault] = commands;
  if (source === undefined || plain === undefined || withFault === undefined) {
    throw new Error("The README does not show a gateway of one's own.");
  }
  const file = `${root}/my-gateway.mjs`;
  await writeFile(file, source.text);
  try {
    for (const { text } of commands) await succeeds(text);
  } finally {
    await rm(file);
  }
}

async function byHand(): Promise<void> {
  const [mocks, gateway, run] = under('A gateway that runs already', 'sh');
  if (mocks === undefined || gateway === undefined || run === undefined) {
    throw new Error('The README does not show how to attach to a gateway.');
  }
  const first = shell(mocks.text, 'inherit');
  const second = shell(gateway.text, 'pipe');
  try {
    const lines = createInterface({ input: second.stdout ?? process.stdin });
    const [line] = await within(60_000, 'The gateway does not start.', once(lines, 'line'));
    const { pid } = JSON.parse(String(line)) as { pid: number };
    await within(60_000, 'The fake providers do not start.', untilHealthy());
    await succeeds(run.text.replace('4242', `${pid}`));
  } finally {
    await Promise.all([stop(first), stop(second)]);
  }
}

async function untilHealthy(): Promise<void> {
  const health = 'http://127.0.0.1:4010/__leakbed/health';
  while (
    !(await fetch(health).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(100);
}

await ownGateway();
await byHand();
for (const { text } of under('Guard it in CI', 'sh')) await succeeds(text);
