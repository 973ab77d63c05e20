// The smoke suite on a gateway that someone else started, found by --pid and --url, and the fake
// providers by "leakbed mocks" with the variables it prints: no process of it belongs to the run.
// Takes minutes, so it is run by `npm run test:slow` only.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { freshOut, runCommandLine } from '../fixtures/command-line.ts';
import { isRunning } from '../fixtures/process-gone.ts';

const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const limitMs = 400_000;

for (const by of ['--pid', '--url alone'] as const) {
  test(`a clean gateway started by hand passes, named by ${by}`, async (t) => {
    t.setTimeout(limitMs);
    const { mocksUrl, url, pid } = await startByHand(t, {});
    const named = by === '--pid' ? ['--pid', String(pid), '--url', url] : ['--url', url];
    const args = ['run', ...named, '--mocks', mocksUrl, '--out', await freshOut(t), '--json'];
    const { code, stdout, stderr } = await runCommandLine(t, args, { limitMs });
    t.equal(code, 0, stderr);
    t.match(JSON.parse(stdout), {
      outcome: 'pass',
      verdicts: [{ scenario: 'streaming-connections' }, { scenario: 'billing-queue' }],
    });
    t.ok(isRunning(pid), 'what leakbed did not start it does not end');
  });
}

test('a leaking gateway started by hand fails', async (t) => {
  t.setTimeout(limitMs);
  const { mocksUrl, url, pid } = await startByHand(t, { LEAKBED_LEAK: 'unread-stream' });
  const named = ['--pid', String(pid), '--url', url, '--mocks', mocksUrl, '--json'];
  const args = ['run', 'streaming-connections', ...named, '--out', await freshOut(t)];
  const { code, stdout, stderr } = await runCommandLine(t, args, { limitMs });
  t.equal(code, 1, stderr);
  t.match(JSON.parse(stdout), { outcome: 'fail', verdicts: [{ finding: 'leak' }] });
});

async function startByHand(t: Test, extra: Readonly<Record<string, string>>) {
  const mocks = await startNode(t, [
    here('harness/cli/leakbed.mjs'),
    'mocks',
    '--port',
    '0',
    '--json',
  ]);
  const hook = here('injectors/ambient/billing-hook.ts');
  const gateway = await startNode(
    t,
    ['--import', hook, here('harness/subjects/reference-node/main.ts')],
    {
      ...(mocks.env as Record<string, string>),
      LEAKBED_BILLING_HOOK: 'reference-node/billing/consume.ts#consume',
      LEAKBED_CONTROL: String(mocks.url),
      LOG_LEVEL: 'error',
      ...extra,
    },
  );
  return { mocksUrl: String(mocks.url), url: String(gateway.url), pid: Number(gateway.pid) };
}

/** Both programs print one JSON line once they are ready. */
async function startNode(
  t: Test,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LEAKBED_TOKEN: undefined, ...env },
  });
  const exited = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines = createInterface({ input: child.stdout as Readable });
  const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(30_000) });
  return JSON.parse(String(line)) as Record<string, unknown>;
}
