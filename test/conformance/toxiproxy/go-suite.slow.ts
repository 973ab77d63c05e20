// Toxiproxy's own tests in Go, of its client, its API and its toxics, unchanged, against our proxy.
// They bind fixed ports, 8475 for the server among them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { t as root, test } from 'tap';
import { startLeakbedProcess } from '../../fixtures/leakbed-process.ts';
import { installToxiproxy } from './toxiproxy-in-go.ts';

/** What cannot be asked of a server, and why; everything else has to pass. */
const leftOut = {
  TestVersionEndpointReturnsVersion: 'wants the version "git" of a build without one',
  TestProxyDiffers: 'compares two Go structures, no request',
  TestLimitDataToxic: 'calls the toxic as a Go function',
  TestSlicerToxic: 'calls the toxic as a Go function',
  TestToxicStub_WriteOutput: 'looks at a Go channel',
};

/** How many tests each program holds besides those, so that none goes missing. */
const programs = { 'r.test': 43, 'client.test': 1, 'toxics.test': 18 };

/** They allow 10 ms for a wait of a second, which a busy machine does not keep each time. */
const tries = 3;

// Toxiproxy is built first, where it has not been.
root.setTimeout(900_000);
const home = await installToxiproxy();
const skip = home.reason === undefined ? false : `Toxiproxy's sources: ${home.reason}`;
const folder = home.reason === undefined ? home.folder : '';

test("Toxiproxy's own tests pass against our proxy", { skip, timeout: 600_000 }, async (t) => {
  const proxy = await startLeakbedProcess(['proxy', '--port', '8475', '--seed', '1']);
  t.teardown(() => proxy.stop());
  const leftOutNames = Object.keys(leftOut).join('|');
  for (const [program, wanted] of Object.entries(programs)) {
    const passed = new Set<string>();
    let failed = await run(program, ['-test.skip', leftOutNames], passed);
    for (let turn = 1; turn < tries && failed.size > 0; turn++) {
      const again = [...failed.keys()].map((name) => `^${name}$`).join('|');
      t.comment(`${program}: once more ${again}`);
      failed = await run(program, ['-test.run', again], passed);
    }
    for (const name of passed) t.pass(name);
    for (const [name, said] of failed) t.fail(name, { said });
    t.equal(passed.size, wanted, `tests of ${program}`);
  }
  for (const [name, why] of Object.entries(leftOut)) t.comment(`left out: ${name}: ${why}`);
});

/** What failed, with what it said. */
async function run(
  program: string,
  flags: readonly string[],
  passed: Set<string>,
): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  const child = spawn(`${folder}/${program}`, ['-test.v', '-test.timeout=120s', ...flags], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const ended = /^--- (PASS|FAIL|SKIP): (\S+)/.exec(line);
    if (ended?.[1] === 'PASS') passed.add(`${ended[2]}`);
    else if (ended !== null) failed.set(`${ended[2]}`, said);
    said = /^=== RUN /.test(line) ? '' : `${said}${line}\n`.slice(-4000);
  }
  const [code] = await exited;
  if (code !== 0 && failed.size === 0) failed.set(program, `exit code ${code}\n${said}`);
  return failed;
}
