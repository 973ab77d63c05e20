// Rules about prose: every folder is explained, and what a list in code holds is in its table too.

import { basename, dirname } from 'node:path';
import type { Rule } from './tree.ts';

/** A folder has a README, or its parent's says what `folder/` is. Tests mirror what they test. */
export const folderReadmes: Rule = ({ sources, texts }) => {
  const folders = new Set(sources.map(({ path }) => dirname(path)));
  return [...folders].sort().flatMap((folder) => {
    const isMirror = /^test\/(?:injectors|mocks|harness|fixtures)(?:\/|$)/.test(folder);
    if (isMirror || texts.has(`${folder}/README.md`)) return [];
    const above = texts.get(`${dirname(folder)}/README.md`) ?? '';
    if (folder.includes('/') && above.includes(`${basename(folder)}/`)) return [];
    return [`${folder}: no README.md, and none above says what \`${basename(folder)}/\` is.`];
  });
};

/** One list in code and the file whose table must name each of its entries. */
export interface Catalogue {
  readonly noun: string;
  readonly names: readonly string[];
  readonly readme: string;
}

/** The lists are loaded, not parsed, so they are handed in. */
export function catalogueRule(catalogues: readonly Catalogue[]): Rule {
  return ({ texts }) =>
    catalogues.flatMap(({ noun, names, readme }) => {
      const rows = rowNames(texts.get(readme) ?? '');
      return names
        .filter((name) => !rows.has(name))
        .map((name) => `${readme}: no row for the ${noun} \`${name}\`. Add one.`);
    });
}

/** The code word that begins each row of a table, a link around it or not. */
function rowNames(markdown: string): ReadonlySet<string> {
  return new Set([...markdown.matchAll(/^\|\s*\[?`([^`]+)`/gm)].map((match) => match[1] ?? ''));
}
