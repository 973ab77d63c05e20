// The list of Python leaks against the program that plants them; that the detector convicts them is
// shown by test/e2e/leak-table.ts --gateway reference-python.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { findPythonLeak, pythonLeaks } from '../../../injectors/leaks/index.ts';

const folder = fileURLToPath(new URL('../../../injectors/leaks/python', import.meta.url));
const has = spawnSync('python3', ['--version']).status === 0;

function python(code: string) {
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  return spawnSync('python3', ['-c', code], { env, encoding: 'utf8' });
}

const skip = has ? false : 'there is no python3 on the path';

test('every listed leak is planted by its name, and no other', { skip }, async (t) => {
  const { stdout } = python('import json, leakbed_leaks as l; print(json.dumps(list(l.LEAKS)))');
  t.same(
    JSON.parse(stdout),
    pythonLeaks.map(({ name }) => name),
  );
});

test('a revived cycle is still there after its collection', { skip }, async (t) => {
  const { stdout } = python(`
import gc, leakbed_leaks as l
from types import SimpleNamespace as N
listeners = []
l.plant_leak("cycle-with-del", N(on_request=listeners.append))
for nth in range(10):
    listeners[0](N(id=str(nth), model="m", prompt="p"))
gc.collect(); gc.collect()
print(sum(isinstance(o, l.Pooled) for o in gc.get_objects()))`);
  t.equal(stdout.trim(), '10');
});

test('an unknown leak is refused with the known ones', { skip }, async (t) => {
  t.throws(() => findPythonLeak('nope'), /Known: task, generator/);
  t.match(python('import leakbed_leaks; leakbed_leaks.plant_leak("nope", None)'), {
    status: 1,
    stderr: /Cannot plant leak "nope".*Known: task, generator/,
  });
});
