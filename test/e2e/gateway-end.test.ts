// Gateways that do not start, and one that dies in the middle of a run.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'tap';
import { sleep } from '../../injectors/determinism.ts';
import {
  freshOut,
  isOneError,
  onlyRun,
  runCommandLine,
  startCommandLine,
  survivors,
} from '../fixtures/command-line.ts';
import { startMidRun } from '../fixtures/mid-run.ts';

const stillborn: readonly (readonly [title: string, command: readonly string[], says: RegExp])[] = [
  ['that does not exist', ['/nosuch/gateway'], /spawn \/nosuch\/gateway ENOENT/],
  ['that ends at once', ['true'], /ended before it was ready.*exit code 0/],
  ['that ends with an error', ['sh', '-c', 'echo no key >&2; exit 3'], /exit code 3.*no key/s],
];

for (const [title, command, says] of stillborn) {
  test(`a gateway ${title} is told with its last words, and no run is left`, async (t) => {
    const out = await freshOut(t);
    const { code, stderr } = await runCommandLine(t, ['run', '--out', out, '--', ...command]);
    t.equal(code, 254);
    t.match(stderr, says);
    t.ok(isOneError(stderr), stderr);
    await t.rejects(onlyRun(out), 'nothing was measured, so there is no record');
  });
}

test('with --json a gateway that does not start is one document as well', async (t) => {
  const out = await freshOut(t);
  const { code, stdout } = await runCommandLine(t, ['run', '--json', '--out', out, '--', 'true']);
  t.equal(code, 254);
  t.match(JSON.parse(stdout), {
    outcome: 'inconclusive',
    error: /ended before it was ready/,
    verdicts: [],
  });
});

test('a gateway that never gets ready can be given up by Ctrl-C', async (t) => {
  const out = await freshOut(t);
  const run = startCommandLine(t, ['run', '--out', out, '--', 'sleep', '1000']);
  await run.untilSaid(/starting the gateway/);
  while (run.below().length < 2) await sleep(20);
  const below = run.below();
  run.signal('SIGINT');
  const { code, stderr } = await run.ended;
  t.equal(code, 2);
  t.notMatch(stderr, /^\s+at .+:\d+:\d+/m);
  t.strictSame(await survivors(below, 10_000), []);
});

test('a gateway that is killed fails the run, and the record says how it ended', async (t) => {
  const { run, out, below, gatewayPid } = await startMidRun(t);
  process.kill(gatewayPid, 'SIGKILL');
  const { code, stderr } = await run.ended;
  t.equal(code, 1);
  t.match(stderr, /killed by SIGKILL/);
  t.notMatch(stderr, /^\s+at .+:\d+:\d+/m);
  t.strictSame(await survivors(below, 10_000), []);
  const dir = await onlyRun(out);
  const verdict = JSON.parse(await readFile(join(dir, 'verdict.json'), 'utf8'));
  t.match(verdict, { outcome: 'fail', reason: /killed by SIGKILL/ });
  t.match(await readFile(join(dir, 'report.html'), 'utf8'), /killed by SIGKILL/);
  const judged = await runCommandLine(t, ['analyze', dir]);
  t.equal(judged.code, 1, 'judged again it is the same');
});
