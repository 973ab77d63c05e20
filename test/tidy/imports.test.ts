import { test } from 'tap';
import { oneWayImports } from './imports.ts';
import { treeOf } from './tree.ts';

const check = (path: string, source: string) => oneWayImports(treeOf({ [path]: source }));

test('an import against the arrow between top folders is refused', async (t) => {
  for (const [path, target] of [
    ['injectors/stream/slow.ts', '../../mocks/provider.ts'],
    ['mocks/answer.ts', '../harness/verdict.ts'],
    ['harness/verdict.ts', '../test/fixtures/record.ts'],
  ] as const) {
    t.match(check(path, `\nimport type { A } from '${target}';\n`), [/^\S+:2: .*further right/]);
  }
});

test('an import along the arrow passes, and tests may import everything', async (t) => {
  t.same(check('mocks/answer.ts', "import { a } from '../injectors/stream.ts';"), []);
  t.same(check('harness/cli/run.ts', "import { a } from '../../mocks/server.ts';"), []);
  t.same(check('test/a.test.ts', "import { a } from '../harness/cli/run.ts';"), []);
  t.same(check('injectors/stream.ts', "import { a } from 'node:fs';"), []);
});

test('inside a folder right may import left and left may not import right', async (t) => {
  t.same(check('harness/cli/run.ts', "import { a } from '../runner/phase.ts';"), []);
  t.match(check('harness/runner/phase.ts', "import { a } from '../cli/run.ts';"), [/runner\//]);
  t.match(check('mocks/script/text.ts', "import('../server.ts');"), [/script\//]);
});

test('neighbours of one layer may not import each other, files of one folder may', async (t) => {
  t.match(check('mocks/vertex/json.ts', "import { a } from '../bedrock/errors.ts';"), [/vertex\//]);
  t.same(check('mocks/vertex/json.ts', "import { a } from './errors.ts';"), []);
});

test('a contract may lie to the left of the folder it is kept in', async (t) => {
  t.same(check('harness/probes/gc.ts', "import { a } from '../subjects/subject.ts';"), []);
  t.match(check('harness/probes/gc.ts', "import { a } from '../subjects/pid.ts';"), [/probes\//]);
});

test('the reference gateway may plant leaks and knows nothing of the harness', async (t) => {
  const path = 'harness/subjects/reference-node/main.ts';
  t.same(check(path, "import { a } from '../../../injectors/leaks/index.ts';"), []);
  t.match(check(path, "import { a } from '../../verdict.ts';"), [/program of its own/]);
});

test('a file without a layer is asked for one', async (t) => {
  t.match(check('mocks/new.ts', "import { a } from './provider.ts';"), [/no layer/]);
});

test('an import that stands in a comment or a string is none', async (t) => {
  t.same(check('mocks/answer.ts', "// from '../harness/verdict.ts'\n"), []);
  t.same(check('mocks/answer.ts', 'const a = "import \'../harness/verdict.ts\'";\n'), []);
});
