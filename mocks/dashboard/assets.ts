// The files of the page, by the names they are asked for: its own, and uPlot from its npm package,
// so that its version is the lock file's. Read once, when somebody asks.

import { readFileSync } from 'node:fs';

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';
const own = (name: string) => new URL(`page/${name}`, import.meta.url);
const uplot = (name: string) => new URL(import.meta.resolve(`uplot/dist/${name}`));

const files: Readonly<Record<string, () => URL>> = {
  'index.html': () => own('index.html'),
  'icon.svg': () => own('icon.svg'),
  'uPlot.iife.min.js': () => uplot('uPlot.iife.min.js'),
  'uPlot.min.css': () => uplot('uPlot.min.css'),
  ...ownFiles('theme.css', 'dashboard.css', 'panels.css', 'controls.css'),
  // Scripts that report.html has too.
  ...ownFiles('plot-style.js', 'draw.js'),
  ...ownFiles('main.js', 'feed.js', 'control-plane.js', 'token-form.js', 'live-state.js'),
  ...ownFiles('history.js', 'charts.js', 'chart-board.js', 'verdict-panel.js', 'tiles.js'),
  ...ownFiles('faults-panel.js', 'fault-card.js', 'fault-form.js', 'option-control.js'),
  ...ownFiles('slider-scale.js', 'billing-panel.js', 'streams-table.js', 'requests-table.js'),
  ...ownFiles('element.js', 'figures.js', 'announce.js', 'header.js'),
};

const types: Readonly<Record<string, string>> = {
  js: script,
  css: style,
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
};

const read = new Map<string, Asset>();

/** Undefined where the page has no such file. */
export function asset(name: string): Asset | undefined {
  const known = read.get(name);
  if (known !== undefined) return known;
  const place = Object.hasOwn(files, name) ? files[name] : undefined;
  if (place === undefined) return undefined;
  const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const made = { type, body: readFileSync(place()) };
  read.set(name, made);
  return made;
}

function ownFiles(...names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, () => own(name)]));
}
