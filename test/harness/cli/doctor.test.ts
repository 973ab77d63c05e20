// `leakbed doctor` tries the machine, and says of what is missing what would help.

import { test } from 'tap';
import { runCommandLine } from '../../fixtures/command-line.ts';

interface Told {
  readonly findings: { name: string; found: string; remedy: string | null; isNeeded: boolean }[];
  readonly probes: { name: string; canRun: boolean; cost: string }[];
}

test('every ability is told with what was found, every probe with its cost', async (t) => {
  const { code, stdout } = await runCommandLine(t, ['doctor', '--json']);
  const { findings, probes } = JSON.parse(stdout) as Told;
  const names = findings.map(({ name }) => name);
  t.same(names.slice(0, 4), ['node', 'processors', 'procfs', 'inspector']);
  t.ok(findings.every(({ found, remedy }) => found !== '' && remedy !== ''));
  t.ok(probes.every(({ cost }) => cost !== ''));
  const isUnfit = findings.some(({ isNeeded, remedy }) => isNeeded && remedy !== null);
  t.equal(code, isUnfit ? 2 : 0);
  t.equal(probes.find(({ name }) => name === 'gc')?.canRun, !isUnfit);
});

test('what is not on the machine is said with its remedy', async (t) => {
  // Node alone is on the path: no Python, no Docker, no unshare.
  const folder = t.testdir({});
  const { code, stdout } = await runCommandLine(t, ['doctor'], { env: { PATH: folder } });
  t.match(stdout, /no {3}python {8}no python3 with venv .*\n +Install Python 3\.10/);
  t.match(stdout, /no {3}docker {8}no engine answers/);
  t.match(stdout, /no {3}limits {8}there is no prlimit/);
  t.match(stdout, /there is no "unshare"\. Install util-linux/);
  t.match(stdout, /yes {2}inspector/);
  t.equal(code, 0);
});
