import { test } from 'tap';
import { fileNames, headers } from './names.ts';
import { treeOf } from './tree.ts';

const named = (path: string) => fileNames(treeOf({ [path]: '' }));

test('kebab-case names pass, others do not', async (t) => {
  for (const path of ['mocks/a-b2.ts', 'test/a-b.test.ts', 'harness/x.mjs'])
    t.same(named(path), []);
  for (const path of ['mocks/aB.ts', 'mocks/a_b.ts', 'mocks/A.ts', 'mocks/a.spec.ts']) {
    t.match(named(path), [/kebab-case/], path);
  }
});

test('names and folders that say nothing are refused', async (t) => {
  for (const path of ['mocks/utils.ts', 'mocks/http-helpers.ts', 'mocks/common/a.ts']) {
    t.match(named(path), [/says nothing/], path);
  }
  t.same(named('mocks/commonjs-consumer.ts'), []);
});

test('a source begins with a comment, after a shebang where it has one', async (t) => {
  const check = (text: string) => headers(treeOf({ 'mocks/a.ts': text }));
  t.same(check('// What it is.\nconst a = 1;\n'), []);
  t.same(check('#!/usr/bin/env node\n// What it is.\n'), []);
  t.match(check("import 'a';\n// Too late.\n"), [/no header/]);
});
