// Rule: imports go one way, between the top folders and inside each of them (layers.ts).

import { layers, standAlone, topFolders } from './layers.ts';
import { lineAt, type Rule, type SourceFile } from './tree.ts';

export const oneWayImports: Rule = ({ sources }) => [
  ...unplaced(sources),
  ...sources.flatMap((source) =>
    importsOf(source).flatMap(({ target, line }) => {
      const reason = refusal(source.path, target);
      return reason === undefined ? [] : [`${source.path}:${line}: ${reason}`];
    }),
  ),
];

function unplaced(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ path }) => topOf(path) in layers && layerOf(path) === undefined)
    .map(({ path }) => `${path} has no layer. Give it a place in test/tidy/layers.ts.`);
}

/** Why `from` may not import `to` (both from the root), or undefined. */
function refusal(from: string, to: string): string | undefined {
  const [fromTop, toTop] = [from, to].map((path) => topFolders.indexOf(topOf(path) as never));
  if (fromTop === undefined || toTop === undefined || fromTop === -1 || toTop === -1) return;
  if (toTop > fromTop) return `${topOf(from)} must not import ${to}: it lies further right.`;
  const home = standAlone.find((folder) => from.startsWith(folder));
  if (home !== undefined && toTop === fromTop && !to.startsWith(home)) {
    return `${home} is a program of its own and must not import ${to}.`;
  }
  if (toTop !== fromTop || topOf(from) === 'test') return;
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)];
  if (fromLayer === undefined || toLayer === undefined) return;
  if (toLayer.index < fromLayer.index || toLayer.entry === fromLayer.entry) return;
  return `${fromLayer.entry} must not import ${to}: ${toLayer.entry} is not left of it.`;
}

const topOf = (path: string) => path.split('/')[0] ?? '';

function layerOf(path: string): { readonly index: number; readonly entry: string } | undefined {
  const table = layers[topOf(path) as keyof typeof layers];
  const inside = path.slice(topOf(path).length + 1);
  return table
    .flatMap((entries, index) => entries.map((entry) => ({ index, entry })))
    .filter(({ entry }) => (entry.endsWith('/') ? inside.startsWith(entry) : inside === entry))
    .sort((a, b) => b.entry.length - a.entry.length)[0];
}

/** Relative imports, exports from and dynamic imports; the layers tell code from strings. */
function importsOf(source: SourceFile) {
  const named = /(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']*)'/g;
  return [...source.text.matchAll(named)]
    .filter((match) => source.code[match.index] !== ' ')
    .map((match) => ({
      target: resolved(source.path, match[1] ?? ''),
      line: lineAt(source.text, match.index),
    }));
}

function resolved(from: string, path: string): string {
  return new URL(path, `file:///${from}`).pathname.slice(1);
}
