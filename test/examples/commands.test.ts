// Every command that a README shows is run: here, or where the list below says.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'tap';
import { startMocks } from '../../mocks/server.ts';
import { blocksOf, projectBlocks } from './readme-blocks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Blocks that are too long for here, by how they begin, and who runs them. */
const elsewhere: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'these are the first steps of .ci/run',
  'npm ci\n': 'these are the first steps of .ci/run, and this test is part of one',
  'npx leakbed run': 'minutes of load: test/e2e/readme.ts runs it for .ci/run',
  'npx leakbed matrix': 'a minute of load: test/e2e/readme.ts',
  'npx leakbed mocks': 'it serves until Ctrl-C: test/e2e/readme.ts',
  'npx leakbed repro': 'installs packages, and a minute of load: test/e2e/museum.ts',
  'npx leakbed proxy': 'it serves until Ctrl-C: test/harness/cli/proxy.test.ts',
  'kubectl create secret': 'needs a cluster; test/harness/kubernetes/ holds the manifests',
  'npm install artillery leakbed': 'installs packages: test/e2e/artillery.slow.ts',
  'export AWS_ENDPOINT_URL_BEDROCK_RUNTIME': 'it serves until Ctrl-C: test/e2e/readme.ts',
};
const runElsewhere = (text: string) =>
  Object.keys(elsewhere).find((start) => text.startsWith(start));

const blocks = projectBlocks(root, 'sh');

test('commands of the READMEs', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  for (const { file, heading, text } of blocks) {
    if (runElsewhere(text) !== undefined) continue;
    t.test(`${file}, "${heading}": ${text.split('\n')[0]}`, async (t) => {
      // The fakes of this test stand for those the reader has started, this Node for npx.
      const script = text
        .replaceAll('127.0.0.1:4010', `127.0.0.1:${mocks.port}`)
        .replace(/\bnpx leakbed\b/g, `"${process.execPath}" harness/cli/leakbed.mjs`)
        .replace(/\bnpx node\b/g, `"${process.execPath}"`);
      const limits = { cwd: root, timeout: 60_000, maxBuffer: 2 ** 24 };
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-euo', 'pipefail', '-c', script],
        limits,
      );
      t.not(stdout.trim(), '', 'it exits with 0 and says something');
    });
  }
});

test('the list of commands that are run elsewhere holds none that no README shows', async (t) => {
  const used = new Set(blocks.map(({ text }) => runElsewhere(text)));
  t.strictSame(
    Object.keys(elsewhere).filter((start) => !used.has(start)),
    [],
  );
});

test('.ci/run runs what these tests leave to it', async (t) => {
  const steps = read('.ci/run');
  for (const step of ['npm ci', 'npm test', 'npm start', 'test/e2e/readme.ts']) {
    t.ok(steps.includes(step), step);
  }
});

test('the gateway that the README shows is the one that is tested', async (t) => {
  const shown = blocksOf('README.md', read('README.md')).find(({ language }) => language === 'js');
  t.equal(shown?.text, read('test/examples/my-gateway.mjs'));
});

test('a block knows its heading and its language, and prose is no block', async (t) => {
  const markdown = '# One\n\n```sh\nls\n```\n\n## Two\n`sh` text\n```js\nlet a;\nlet b;\n```\n';
  t.strictSame(blocksOf('a.md', markdown), [
    { file: 'a.md', heading: 'One', language: 'sh', text: 'ls\n' },
    { file: 'a.md', heading: 'Two', language: 'js', text: 'let a;\nlet b;\n' },
  ]);
});
