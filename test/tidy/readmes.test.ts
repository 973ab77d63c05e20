import { test } from 'tap';
import { catalogueRule, folderReadmes } from './readmes.ts';
import { treeOf } from './tree.ts';

test('a folder without a README is named, unless the one above explains it', async (t) => {
  const files = { 'mocks/README.md': 'In `codec/` are bytes.', 'mocks/codec/a.ts': '' };
  t.same(folderReadmes(treeOf(files)), []);
  t.match(folderReadmes(treeOf({ ...files, 'mocks/README.md': '' })), [/^mocks\/codec: /]);
  t.match(folderReadmes(treeOf({ 'mocks/a.ts': '' })), [/^mocks: /]);
});

test('tests mirror sources and need no README of their own', async (t) => {
  t.same(folderReadmes(treeOf({ 'test/mocks/codec/a.test.ts': '' })), []);
  t.match(folderReadmes(treeOf({ 'test/other/a.test.ts': '' })), [/^test\/other: /]);
});

test('a name without a row in its table is missed, prose about it is no row', async (t) => {
  const rule = catalogueRule([{ noun: 'fault', names: ['slow', 'hang'], readme: 'README.md' }]);
  t.same(rule(treeOf({ 'README.md': '| `slow` | a |\n| [`hang`](x.md) | b |\n' })), []);
  t.match(rule(treeOf({ 'README.md': '| `slow` | a |\nThere is `hang`.\n' })), [/`hang`/]);
});
