import { test } from 'tap';
import { bannedConstructs } from './banned.ts';
import { treeOf } from './tree.ts';

const check = (source: string, path = 'mocks/a.ts') => bannedConstructs(treeOf({ [path]: source }));

/** Each banned construct, and what looks like it and is allowed. */
const cases: readonly (readonly [string, banned: string, allowed: string])[] = [
  ['chance', 'const a = Math.random();', 'const a = rng.next();'],
  ['clocks', 'const a = Date.now();', 'const a = clock.nowMs();'],
  ['timers', 'setTimeout(f, 1);', 'socket.setTimeout(1);'],
  ['intervals', 'setInterval(f, 1);', 'clock.after(1, f);'],
  ['console', 'console.log(1);', 'log.console(1);'],
  ['default exports', 'export default a;', 'export { a };'],
  ['any', 'let a: any;', 'let any: string;'],
  ['any in a cast', 'f(a as any);', 'f(a as unknown);'],
  ['any in a generic', 'let a: Map<string, any>;', 'Promise.any(a);'],
  ['enums', 'export enum A { B }', "type A = 'enum';"],
  ['parameter properties', 'constructor(readonly a: B) {}', 'constructor(a: B) {}'],
  ['silenced types', '// @ts-ignore\na();', "const a = '@ts-ignore';"],
  ['leftovers', '// TODO later\n', "const a = 'TODO';"],
];

for (const [what, banned, allowed] of cases) {
  test(`${what}: refused as \`${banned.trim()}\`, not as \`${allowed}\``, async (t) => {
    t.equal(check(banned).length, 1);
    t.match(check(`\n\n${banned}`)[0], /^mocks\/a\.ts:3: .+\. .+/, 'names the line and a way out');
    t.same(check(allowed), []);
  });
}

test('chance and timers have one home, console another', async (t) => {
  t.same(check('setTimeout(f, Math.random());', 'injectors/determinism.ts'), []);
  t.same(check('console.log(1);', 'harness/cli/run.ts'), []);
  t.equal(check('console.log(1);', 'injectors/determinism.ts').length, 1);
});
