// The files that are put into the report page whole: uPlot (from its npm package, so its version is
// the lock file's), the page's own script and its styles. Read at run time, once.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Markup } from './markup.ts';

export interface PageAssets {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

let loaded: PageAssets | null = null;

export function pageAssets(): PageAssets {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const own = (name: string) => read(`page/${name}`);
  // What the dashboard of the mocks looks like too.
  const shared = (name: string) => read(`../../mocks/dashboard/page/${name}`);
  const uplot = (name: string) =>
    readFileSync(new URL(import.meta.resolve(`uplot/dist/${name}`)), 'utf8');
  loaded ??= {
    scripts: [
      uplot('uPlot.iife.min.js'),
      shared('plot-style.js'),
      shared('draw.js'),
      own('report.js'),
    ],
    styles: [uplot('uPlot.min.css'), shared('theme.css'), own('report.css'), own('parts.css')],
  };
  return loaded;
}

/**
 * The page may run exactly these scripts and styles and reach nothing else, even if some text got
 * past the escaping. CSP level 3: https://www.w3.org/TR/CSP3/.
 */
export function contentPolicy({ scripts, styles }: PageAssets): string {
  const hashes = (texts: readonly string[]) =>
    texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
  return [
    "default-src 'none'",
    `script-src ${hashes(scripts)}`,
    `style-src ${hashes(styles)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Inlined as they are: an end tag inside would cut the element short, so it is refused. */
export function inlined(tag: 'script' | 'style', texts: readonly string[]): Markup {
  for (const text of texts) {
    if (text.toLowerCase().includes(`</${tag}`)) {
      throw new Error(`Cannot put a ${tag} into the report: it contains its own end tag.`);
    }
  }
  return { html: texts.map((text) => `<${tag}>${text}</${tag}>`).join('\n') };
}
