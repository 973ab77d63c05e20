import { test } from 'tap';
import { medianLines, shortFiles, shortFunctions, shortLines } from './sizes.ts';
import { treeOf } from './tree.ts';

const linesOf = (count: number, first = '') => `${first}\n`.padEnd(count + first.length, '\n');
const oneFile = (text: string, path = 'mocks/a.ts') => treeOf({ [path]: text });

test('250 lines pass, 251 need a reason, 401 are refused with one', async (t) => {
  const reason = '// Over 250 lines because the table is one.';
  t.same(shortFiles(oneFile(linesOf(250))), []);
  t.match(shortFiles(oneFile(linesOf(251))), [/251 lines/]);
  t.same(shortFiles(oneFile(linesOf(400, reason))), []);
  t.match(shortFiles(oneFile(linesOf(401, reason))), [/401 lines, over 400/]);
});

test('tables of cases need no reason below 400 lines', async (t) => {
  t.same(shortFiles(oneFile(linesOf(390), 'test/conformance/a.ts')), []);
  t.match(shortFiles(oneFile(linesOf(401), 'test/conformance/a.ts')), [/401/]);
});

test('the median leaves tests out', async (t) => {
  const sources = { 'mocks/a.ts': linesOf(3), 'mocks/b.ts': linesOf(9), 'test/c.ts': linesOf(99) };
  t.equal(medianLines(treeOf(sources).sources), 9);
});

const body = (open: string, count: number, close = '}') =>
  `${open}\n${'  work();\n'.repeat(count - 2)}${close}\n`;

test('a function of 70 lines passes and one of 71 does not, however it is written', async (t) => {
  for (const open of [
    'function a() {',
    'const a = (b: string) => {',
    'export async function* a(): AsyncGenerator<string> {',
    'function a({ b }: C): { d: string } {',
  ]) {
    t.same(shortFunctions(oneFile(body(open, 70))), [], open);
    t.match(shortFunctions(oneFile(body(open, 71))), [/mocks\/a.ts:1: a function of 71/], open);
  }
});

test('long objects, interfaces and page scripts are no functions', async (t) => {
  t.same(shortFunctions(oneFile(body('const a = {', 99))), []);
  t.same(shortFunctions(oneFile(body('interface A {', 99))), []);
  t.same(shortFunctions(oneFile(body('(() => {', 99, '})();'))), []);
});

test('100 columns pass and 101 do not, in code and in comments', async (t) => {
  t.same(shortLines(oneFile(`// ${'a'.repeat(97)}`)), []);
  t.match(shortLines(oneFile(`\n// ${'a'.repeat(98)}`)), [/:2: 101 columns/]);
  t.match(shortLines(oneFile(`const a = ${'b'.repeat(90)};`)), [/101 columns/]);
});

test('a literal that no formatter could break may be longer', async (t) => {
  t.same(shortLines(oneFile(`const a = '${'b'.repeat(200)}';`)), []);
  t.match(shortLines(oneFile(`const a = '${'b'.repeat(200)}'; // why`)), [/columns/]);
});
