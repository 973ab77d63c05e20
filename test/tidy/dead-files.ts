// Rule: every source is reached. What only a test imports is dead, so sources are followed from
// the command line alone, and the tests' own files from the tests.

import { basename } from 'node:path';
import { namesIn, pathsNamedIn, type Rule, type SourceFile } from './tree.ts';

/** Programs that nothing imports, and who starts them. */
const entries: Readonly<Record<string, string>> = {
  'harness/cli/leakbed.mjs': 'the command leakbed',
  'harness/api/index.ts': 'what a program imports as leakbed',
  'harness/artillery/engine.ts': 'the engine in harness/artillery/engine-package',
  'harness/artillery/engine-package/index.js': 'what Artillery loads',
  'mocks/vertex/prune-protos.ts': 'by hand, after a new release of the SDK',
};

/** Programs under test/ that are started by their path. */
const programs = /\.(?:test|slow)\.ts$|^test\/(?:bench|e2e)\/|\/clients\/table\.ts$/;

export const deadFiles: Rule = ({ sources }) => {
  const product = sources.filter(({ path }) => !path.startsWith('test/'));
  const tests = sources.filter(({ path }) => path.startsWith('test/'));
  const live = reached(product, (path) => path in entries);
  const used = reached(tests, (path) => programs.test(path));
  return [
    ...product
      .filter(({ path }) => !live.has(path))
      .map(({ path }) => `${path}: the command line never reaches it. Use it or remove it.`),
    ...tests
      .filter(({ path }) => !used.has(path))
      .map(({ path }) => `${path}: no test reaches it. Use it or remove it.`),
  ];
};

const isScript = (path: string) => !path.endsWith('.ts');

/**
 * Follows every relative path in a literal, so files that are started or read count as well, and
 * the bare name of a script that nothing could import.
 */
function reached(
  sources: readonly SourceFile[],
  isEntry: (path: string) => boolean,
): ReadonlySet<string> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const found = new Set<string>();
  const waiting = sources.filter(({ path }) => isEntry(path));
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    if (found.has(source.path)) continue;
    found.add(source.path);
    for (const path of pathsNamedIn(source)) {
      const next = byPath.get(path) ?? byPath.get(`${path}.ts`);
      if (next !== undefined) waiting.push(next);
    }
    const names = namesIn(source);
    waiting.push(...sources.filter(({ path }) => isScript(path) && names.has(basename(path))));
  }
  return found;
}
