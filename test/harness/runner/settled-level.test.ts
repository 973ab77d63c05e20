// A gateway is at rest once it sleeps and no stream of a departed client is still ending.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Test, test } from 'tap';
import type { RunContext } from '../../../harness/runner/context.ts';
import { settle } from '../../../harness/runner/settled-level.ts';

/** Works for a while, says so, and then sleeps. */
const worker = `const end = process.hrtime.bigint() + 700_000_000n;
process.stdout.write('begins');
while (process.hrtime.bigint() < end);
process.stdout.write('ends', () => setInterval(() => {}, 1e6));`;

function contextOf(pid: number | null, inFlight: () => number): RunContext {
  return {
    subject: { pid },
    control: { streamsInFlight: async () => inFlight() },
    client: { dropIdle() {} },
    signal: new AbortController().signal,
  } as unknown as RunContext;
}

async function workingProcess(t: Test) {
  const child = spawn(process.execPath, ['-e', worker], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.teardown(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child.stdout, 'data');
  return { pid: child.pid ?? 0, said: () => said };
}

test('a process that works is waited for until it sleeps', async (t) => {
  const { pid, said } = await workingProcess(t);
  t.equal(said(), 'begins');
  await settle(contextOf(pid, () => 0));
  t.equal(said(), 'beginsends');
});

test('streams that end one by one are waited for, those that never end are not', async (t) => {
  let ending = 12;
  await settle(contextOf(null, () => Math.max(0, --ending)));
  t.equal(ending, 0);
  let looks = 0;
  await settle(
    contextOf(null, () => {
      looks += 1;
      return 3;
    }),
  );
  t.ok(looks < 20, `${looks} looks`);
});
