// The fenced blocks of the project's prose, so that what a README shows is what tests run.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Block {
  /** Path of the Markdown file, from the project's root. */
  readonly file: string;
  /** Nearest heading above it, without the hashes. */
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

export function blocksOf(file: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  for (const match of markdown.matchAll(/^#+ (.+)$|^```(\w*)\n([\s\S]*?)^```$/gm)) {
    const [, title, language = '', text = ''] = match;
    if (title === undefined) blocks.push({ file, heading, language, text });
    else heading = title;
  }
  return blocks;
}

const skipped = new Set(['node_modules', 'dist', 'runs']);

/** Blocks of every Markdown file below the root, in one language. */
export function projectBlocks(root: string, language: string): Block[] {
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (skipped.has(entry.name) || entry.name.startsWith('.')) return [];
      if (entry.isDirectory()) return walk(path);
      return entry.name.endsWith('.md') ? [path] : [];
    });
  return walk('')
    .flatMap((file) => blocksOf(file, readFileSync(join(root, file), 'utf8')))
    .filter((block) => block.language === language);
}
