// Ctrl-C, a second one, and SIGKILL in the middle of a run: what was measured is kept and
// readable, and no process is left.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { sleep } from '../../injectors/determinism.ts';
import { onlyRun, runCommandLine, survivors } from '../fixtures/command-line.ts';
import { startMidRun } from '../fixtures/mid-run.ts';

/** The guard gives SIGTERM one second, and a loaded machine is slow. */
const goneMs = 10_000;

for (const to of ['group', 'process'] as const) {
  test(`Ctrl-C to the ${to} ends a run with 2 and a report marked incomplete`, async (t) => {
    const { run, out, below } = await startMidRun(t);
    run.signal('SIGINT', to);
    const { code, stderr } = await run.ended;
    t.equal(code, 2);
    t.match(stderr, /inconclusive/);
    t.notMatch(stderr, /^\s+at .+:\d+:\d+/m);
    t.strictSame(await survivors(below, goneMs), []);
    const dir = await onlyRun(out);
    const html = await readFile(join(dir, 'report.html'), 'utf8');
    t.match(html, 'stopped by SIGINT');
    t.match(html, '<strong>Incomplete run.</strong>');
    const record = JSON.parse(await readFile(join(dir, 'run.json'), 'utf8'));
    t.match(record, { interrupted: 'The run was stopped by SIGINT.', header: { endedAt: String } });
    await readsAgain(t, dir);
  });
}

test('a second Ctrl-C ends a run at once, the gateway with it', async (t) => {
  const { run, below, gatewayPid } = await startMidRun(t);
  // A gateway that does not react makes the orderly way long: SIGTERM, five seconds, SIGKILL.
  process.kill(gatewayPid, 'SIGSTOP');
  run.signal('SIGINT');
  await run.untilSaid(/healing/);
  await sleep(600);
  run.signal('SIGINT');
  const { code, stderr } = await run.ended;
  t.equal(code, 2);
  t.notMatch(stderr, 'Report:', 'it did not wait for the report');
  t.strictSame(await survivors(below, goneMs), []);
});

test('a run that is killed leaves no gateway and a record that reads', async (t) => {
  const { run, out, below } = await startMidRun(t);
  run.signal('SIGKILL');
  await run.ended;
  t.strictSame(await survivors(below, goneMs), []);
  await readsAgain(t, await onlyRun(out));
});

async function readsAgain(t: Test, dir: string): Promise<void> {
  const report = await runCommandLine(t, ['report', dir, '--out', join(dir, 'again.html')]);
  t.equal(report.code, 0, report.stderr);
  t.match(await readFile(join(dir, 'again.html'), 'utf8'), '<strong>Incomplete run.</strong>');
  const judged = await runCommandLine(t, ['analyze', dir, '--json']);
  t.equal(judged.code, 2, judged.stderr);
  t.match(JSON.parse(judged.stdout), { outcome: 'inconclusive' });
}
