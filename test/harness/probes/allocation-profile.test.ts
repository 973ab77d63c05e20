// Attribution without a process: the innermost application frame owns what is below it.

import { test } from 'tap';
import {
  attributeAllocations,
  type ProfileNode,
} from '../../../harness/probes/allocation-profile.ts';

const node = (
  functionName: string,
  url: string,
  selfSize: number,
  children: ProfileNode[] = [],
): ProfileNode => ({ callFrame: { functionName, url, lineNumber: 9 }, selfSize, children });

const root = '/srv/gateway';
const app = `file://${root}/src/app.ts`;
const library = `file://${root}/node_modules/sdk/index.js`;

test('what libraries and Node allocate belongs to the application function that called', async (t) => {
  const tree = node('(root)', '', 0, [
    node('handle', app, 10, [
      node('send', library, 100, [node('parse', 'node:internal/json', 1000)]),
      node('remember', app, 7),
    ]),
  ]);
  t.strictSame(attributeAllocations(tree, root), [
    { name: 'handle', file: 'src/app.ts', line: 10, bytes: 1110 },
    { name: 'remember', file: 'src/app.ts', line: 10, bytes: 7 },
  ]);
});

test('a library that calls back into the application does not own what that allocates', async (t) => {
  const tree = node('(root)', '', 0, [
    node('outer', app, 0, [node('emit', library, 0, [node('onData', app, 50)])]),
  ]);
  t.strictSame(
    attributeAllocations(tree, root).map(({ name, bytes }) => [name, bytes]),
    [['onData', 50]],
  );
});

test('what the application keeps beside a library comes first, unless it is next to nothing', async (t) => {
  const tree = node('(root)', '', 0, [
    node('ask', app, 40),
    node('feedback', app, 3),
    node('onMessage', library, 9000),
  ]);
  t.strictSame(
    attributeAllocations(tree, root, 20).map(({ name }) => name),
    ['ask', 'onMessage', 'feedback'],
  );
});

test('what leakbed allocates on top of the function that it interrupted is nobody’s', async (t) => {
  const census = node('', '', 0, [node('leakbedEnrol', '', 0, [node('', '', 5000)])]);
  const evaluated = node('generated', '', 30);
  const tree = node('(root)', '', 0, [node('ask', app, 1, [census, evaluated])]);
  t.strictSame(
    attributeAllocations(tree, root).map(({ name, bytes }) => [name, bytes]),
    [['ask', 31]],
  );
});

test('without an application frame the innermost library frame is named', async (t) => {
  const tree = node('(root)', '', 0, [
    node('processTicks', 'node:internal/process', 0, [node('keep', library, 5)]),
  ]);
  t.equal(attributeAllocations(tree, root)[0]?.file, 'node_modules/sdk/index.js');
});

test('an application that is installed below node_modules is still the application', async (t) => {
  const installed = '/usr/lib/node_modules/gateway';
  const tree = node('(root)', '', 0, [
    node('own', `file://${installed}/a.js`, 1, [
      node('dep', `file://${installed}/node_modules/b.js`, 4),
    ]),
  ]);
  t.strictSame(attributeAllocations(tree, installed), [
    { name: 'own', file: 'a.js', line: 10, bytes: 5 },
  ]);
});

test('the same function reached on two ways is one site', async (t) => {
  const tree = node('(root)', '', 0, [
    node('a', app, 1, [node('', app, 3)]),
    node('b', library, 0, [node('', app, 4)]),
  ]);
  t.strictSame(attributeAllocations(tree, root)[0], {
    name: '(anonymous)',
    file: 'src/app.ts',
    line: 10,
    bytes: 7,
  });
});

test('what has no frame at all, and an empty profile, give no site', async (t) => {
  t.strictSame(attributeAllocations(node('(root)', '', 99), root), []);
});
