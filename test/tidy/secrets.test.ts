import { test } from 'tap';
import { secrets } from './secrets.ts';
import { treeOf } from './tree.ts';

const check = (text: string) => secrets(treeOf({ 'a.md': text }));

test('what has the shape of a credential is refused, put together here so that this file passes', async (t) => {
  for (const [what, parts] of [
    ['AWS', ['AKIA', 'Q7RS2TUV3WXY4ZAB']],
    ['Google', ['AIza', 'a'.repeat(35)]],
    ['GitHub', ['ghp_', 'a'.repeat(36)]],
    ['npm', ['npm_', 'a'.repeat(36)]],
    ['provider', ['sk-', 'a'.repeat(40)]],
    ['signed', [`eyJ${'a'.repeat(20)}`, `.eyJ${'b'.repeat(20)}`, `.${'c'.repeat(20)}`]],
    ['private key', ['-----BEGIN RSA ', 'PRIVATE KEY-----']],
  ] as const) {
    t.match(check(`\nkey: ${parts.join('')}\n`), [/^a\.md:2: looks like/], what);
  }
});

test('the example keys of the documentation and plain words pass', async (t) => {
  t.same(check(`${['AKIA', 'IOSFODNN7EXAMPLE'].join('')} task-list skip-this-one-please`), []);
});
