// The clean folder of a reproduction: what is installed, once, and what is said when it cannot be.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { openWorkshop, splitPackage } from '../../../harness/repro/workshop.ts';
import { npmRegistry, setForTest } from '../../fixtures/npm-registry.ts';

test('a package is installed once, and then opened without a registry', async (t) => {
  const registry = await npmRegistry(t, 'leaky-thing', '1.2.3');
  const cacheFolder = t.testdir({});
  const installed: string[] = [];
  const options = {
    packages: ['leaky-thing@1.2.3'],
    node: undefined,
    cacheFolder,
    onInstall: (what: string) => void installed.push(what),
  };
  const first = await openWorkshop(options);
  registry.close();
  const asked = registry.requestCount;
  const second = await openWorkshop(options);
  t.strictSame(installed, ['leaky-thing@1.2.3']);
  t.equal(second.folder, first.folder);
  t.equal(registry.requestCount, asked);
  const text = readFileSync(join(first.folder, 'node_modules/leaky-thing/index.js'), 'utf8');
  t.match(text, /1\.2\.3/);
});

test('without packages the folder is empty, and the Node is the one that runs', async (t) => {
  const workshop = await openWorkshop({
    packages: [],
    node: undefined,
    cacheFolder: t.testdir({}),
  });
  t.strictSame(readdirSync(workshop.folder), ['package.json']);
  t.equal(workshop.nodeFile, process.execPath);
});

test('a version that does not exist is told as such and leaves nothing behind', async (t) => {
  await npmRegistry(t, 'leaky-thing', '1.2.3');
  const cacheFolder = t.testdir({});
  const opened = openWorkshop({ packages: ['leaky-thing@9.9.9'], node: undefined, cacheFolder });
  await t.rejects(opened, {
    message: /Cannot install leaky-thing@9\.9\.9: npm says ETARGET: No m/,
  });
  t.strictSame(readdirSync(cacheFolder), []);
});

test('a package that does not exist is told as such', async (t) => {
  await npmRegistry(t, 'leaky-thing', '1.2.3');
  const opened = openWorkshop({
    packages: ['laeky-thing@1.2.3'],
    node: undefined,
    cacheFolder: t.testdir({}),
  });
  await t.rejects(opened, { message: /npm says E404: .* Check the name of the package\.$/ });
});

test('a registry that is away is told as such', async (t) => {
  const registry = await npmRegistry(t, 'leaky-thing', '1.2.3');
  registry.close();
  const opened = openWorkshop({
    packages: ['leaky-thing@1.2.3'],
    node: undefined,
    cacheFolder: t.testdir({}),
  });
  await t.rejects(opened, { message: /ECONNREFUSED.* The registry is needed once;/ });
});

test('a machine without npm is told what is missing', async (t) => {
  setForTest(t, 'PATH', t.testdir({}));
  const opened = openWorkshop({
    packages: ['leaky-thing@1.2.3'],
    node: undefined,
    cacheFolder: t.testdir({}),
  });
  await t.rejects(opened, {
    message: /npm does not start: spawn npm ENOENT\. Put npm on the PATH/,
  });
});

test('a package comes with its version', async (t) => {
  t.strictSame(splitPackage('@google/genai@3.1.0'), ['@google/genai', '3.1.0']);
  for (const text of ['undici', 'undici@', '@google/genai', 'a b@1']) {
    t.throws(() => splitPackage(text), { message: /as in undici@6\.19\.7/ }, text);
  }
});
