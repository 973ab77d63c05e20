// What rules look at: every text file of the project by its path, sources with their layers. A
// tree is read from disk, or built from snippets by the tests of the rules.

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Masked, mask } from './mask.ts';

export interface SourceFile extends Masked {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

export interface Tree {
  /** TypeScript and JavaScript, sorted by path. */
  readonly sources: readonly SourceFile[];
  /** Every text file, sources included. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A rule names what is wrong, one sentence each: "path:line: what, and what to do instead". */
export type Rule = (tree: Tree) => readonly string[];

const skipped = new Set(['node_modules', 'dist', 'runs', '.git', '.tap', 'package-lock.json']);
const readable = /(?:\.(?:ts|js|mjs|cjs|css|json|jsonc|md|ya?ml|sh|html)|ignore|run|rc|file)$/;

export function readTree(root: string): Tree {
  const found: Record<string, string> = {};
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (skipped.has(entry.name) || path.endsWith('.generated.json')) continue;
      if (entry.isDirectory()) walk(path);
      else if (readable.test(entry.name)) found[path] = readFileSync(join(root, path), 'utf8');
    }
  };
  walk('.');
  return treeOf(found);
}

export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const texts = new Map(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const sources = [...texts]
    .filter(([path]) => /\.(?:ts|js|mjs|cjs)$/.test(path))
    .map(([path, text]) => ({ path, text, lines: text.split('\n'), ...mask(text) }));
  return { sources, texts };
}

/** Relative paths that a source names in its literals, resolved: imports, URLs, files it reads. */
export function pathsNamedIn({ path, text, literals }: SourceFile): readonly string[] {
  const isLiteral = (index: number) => literals[index] !== ' ';
  return [...text.matchAll(/(?<=['"`])\.{1,2}\/[^'"`\s]*/g)]
    .filter((match) => isLiteral(match.index))
    .map((match) => posix.join(posix.dirname(path), match[0]));
}

/** Names of script files that a source's literals hold, whatever stands before them. */
export function namesIn({ literals }: SourceFile): ReadonlySet<string> {
  return new Set([...literals.matchAll(/[\w.-]+\.(?:js|mjs|cjs)\b/g)].map(([name]) => name));
}

/** The line a character of a text stands in, counted from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
