// What is said where an environment cannot be made. That it can is shown by the Python gateway's
// own suite, which needs a package index.

import { readdirSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'tap';
import { openPythonEnvironment } from '../../../harness/subjects/python-environment.ts';

const program = (lines: readonly string[]) => ['#!/bin/sh', ...lines, ''].join('\n');

/** A Python whose version is said; whatever else it is asked for fails as it is told. */
function fakePython(version: string, rest: string): string {
  return program([`[ "$1" = -c ] && { echo "${version}"; exit 0; }`, rest]);
}

async function refusal(folder: string, python: string): Promise<string> {
  const options = {
    requirementsFile: join(folder, 'requirements.txt'),
    cacheFolder: join(folder, 'cache'),
    python,
  };
  return await openPythonEnvironment(options).then(
    () => 'it was made',
    (error: Error) => error.message,
  );
}

test('a machine without Python is told which one to install', async (t) => {
  const folder = t.testdir({ 'requirements.txt': 'x==1\n' });
  t.match(
    await refusal(folder, 'no-such-python'),
    /Cannot run no-such-python .*Install Python 3\.10/,
  );
});

test('a Python that is too old is refused with its version', async (t) => {
  const folder = t.testdir({ 'requirements.txt': 'x==1\n' });
  const python = join(folder, 'python3');
  await writeFile(python, fakePython('3 9 3.9.2', 'exit 1'));
  await chmod(python, 0o755);
  t.match(await refusal(folder, python), /it is Python 3\.9\. Install Python 3\.10 or later/);
});

test('a failed installation says why, and leaves nothing that looks whole', async (t) => {
  const folder = t.testdir({ 'requirements.txt': 'x==1\n' });
  const python = join(folder, 'python3');
  await writeFile(python, fakePython('3 11 3.11.2', 'echo "No module named venv" >&2; exit 1'));
  await chmod(python, 0o755);
  const said = await refusal(folder, python);
  t.match(said, /python3-venv[\s\S]*No module named venv/);
  t.same(readdirSync(join(folder, 'cache')), []);
});
