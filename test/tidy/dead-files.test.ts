import { test } from 'tap';
import { deadFiles } from './dead-files.ts';
import { treeOf } from './tree.ts';

const entry = { 'harness/cli/leakbed.mjs': "import('./main.ts');" };

test('what the command line reaches over any number of steps is alive', async (t) => {
  const files = {
    ...entry,
    'harness/cli/main.ts': "import { a } from '../../mocks/a.ts';",
    'mocks/a.ts': "new URL('./b', import.meta.url); read('page.js');",
    'mocks/b.ts': '',
    'mocks/page/page.js': '',
  };
  t.same(deadFiles(treeOf(files)), []);
});

test('a source that only a test imports is dead, and so is one that nobody does', async (t) => {
  const files = {
    ...entry,
    'harness/cli/main.ts': "// '../a.ts' in a comment is no use of it",
    'harness/a.ts': '',
    'test/a.test.ts': "import { a } from '../harness/a.ts';",
  };
  t.match(deadFiles(treeOf(files)), [/^harness\/a\.ts: /]);
});

test('a fixture that no test reaches is dead', async (t) => {
  const files = {
    'test/a.test.ts': "import { a } from './fixtures/a.ts';",
    'test/fixtures/a.ts': '',
    'test/fixtures/b.ts': '',
  };
  t.match(deadFiles(treeOf(files)), [/^test\/fixtures\/b\.ts: no test/]);
});
