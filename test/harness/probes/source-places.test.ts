// A place in code that runs is told as the place somebody wrote, through the file's source map;
// without one it is told as it is.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Test, test } from 'tap';
import { attributeAllocations } from '../../../harness/probes/allocation-profile.ts';
import { sourcePlaces } from '../../../harness/probes/source-places.ts';

/** Line 2 of dist/app.js, from its first column on, is line 5 of src/app.ts. */
const map = {
  version: 3,
  file: 'app.js',
  sources: ['../src/app.ts'],
  names: [],
  mappings: ';AAIA',
};
const inlined = '//# sourceMappingURL=data:application/json;base64,';
const inline = Buffer.from(JSON.stringify(map)).toString('base64');
const mapOf = (change: object) =>
  Buffer.from(JSON.stringify({ ...map, ...change })).toString('base64');
const code = '// built\nfunction remember() { requestLog.push({}) }\n';

function application(t: Test) {
  const root = t.testdir({
    dist: {
      'app.js': `${code}//# sourceMappingURL=app.js.map\n`,
      'app.js.map': JSON.stringify(map),
      'inline.js': `${code}//# sourceMappingURL=data:application/json;base64,${inline}\n`,
      'rooted.js': `${code}${inlined}${mapOf({ sourceRoot: '../src/', sources: ['app.ts'] })}\n`,
      'packed.js': `${code}${inlined}${mapOf({ sources: ['webpack://app/./src/app.ts'] })}\n`,
      'library.js': `${code}${inlined}${mapOf({ sources: ['webpack://app/./node_modules/a/b.js'] })}\n`,
      'torn.js': `${code}//# sourceMappingURL=nowhere.map\n`,
      'plain.js': `const a = 1;\n  const requestLog = new Map();\n${code}`,
    },
  });
  const url = (name: string) => pathToFileURL(join(root, 'dist', name)).href;
  return { root, places: sourcePlaces(root), url };
}

test('a map beside the file, one within it, with a root, and of a bundler lead to the source', async (t) => {
  const { places, url } = application(t);
  for (const name of ['app.js', 'inline.js', 'rooted.js', 'packed.js']) {
    t.same(places.of(url(name), 1, 0), { file: 'src/app.ts', line: 5, isOwn: true });
  }
});

test('a library within a bundle is not the application', async (t) => {
  const { places, url } = application(t);
  const { file, isOwn } = places.of(url('library.js'), 1, 0);
  t.same({ file, isOwn }, { file: 'node_modules/a/b.js', isOwn: false });
});

test('what leakbed loads into a gateway is not the application, even within its folder', async (t) => {
  const hook = new URL('../../../injectors/ambient/billing-remote.ts', import.meta.url);
  const leak = new URL('../../../injectors/leaks/leak.ts', import.meta.url);
  const places = sourcePlaces(process.cwd());
  t.equal(places.of(hook.href, 1, 0).isOwn, false);
  t.equal(places.of(leak.href, 1, 0).isOwn, true);
});

test('without a map, or with one that is missing, the place is that of the running code', async (t) => {
  const { places, url } = application(t);
  t.same(places.of(url('torn.js'), 1, 0), { file: 'dist/torn.js', line: 2, isOwn: true });
  t.same(places.of(url('gone.js'), 6, 0), { file: 'dist/gone.js', line: 7, isOwn: true });
  t.same(places.of('node:timers', 58, 4), { file: 'node:timers', line: 59, isOwn: false });
});

test('a variable is placed where it is declared, else where a function sees it', async (t) => {
  const { places, url } = application(t);
  t.equal(places.ofVariable(url('plain.js'), 'requestLog', 9, 0).line, 2);
  t.equal(places.ofVariable(url('plain.js'), 'elsewhere', 9, 0).line, 10);
});

test('functions of a profile are named by their source', async (t) => {
  const { root, url } = application(t);
  const [site] = attributeAllocations(
    {
      callFrame: { functionName: 'remember', url: url('app.js'), lineNumber: 1, columnNumber: 17 },
      selfSize: 100,
      children: [],
    },
    root,
  );
  t.same(site, { name: 'remember', file: 'src/app.ts', line: 5, bytes: 100 });
});
