// From a place in running code to the place somebody wrote: through the file's source map where it
// has one, relative to the application's folder. Files are read once each, and only a few are.
// Source: https://tc39.es/ecma426/ (source map format), node:module's SourceMap.

import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourcePlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Whether it is the application's own, rather than a library's, Node's or leakbed's. */
  readonly isOwn: boolean;
}

export interface SourcePlaces {
  /** Line and column count from zero, as V8 tells them. */
  of(url: string, line: number, column: number): SourcePlace;
  /** The line on which a variable is declared, in the file in which a function sees it. */
  ofVariable(url: string, variable: string, line: number, column: number): SourcePlace;
}

interface ReadFile {
  readonly text: string;
  readonly map: SourceMap | null;
  /** What sources in the map are relative to. */
  readonly folder: string;
}

const mostFiles = 200;

/** What leakbed loads into a gateway: never the application, even where both lie together. */
const loadedFolder = fileURLToPath(new URL('../../injectors/ambient/', import.meta.url));

export function sourcePlaces(root: string): SourcePlaces {
  const files = new Map<string, ReadFile | null>();
  const open = (url: string): ReadFile | null => {
    const known = files.get(url);
    if (known !== undefined) return known;
    const file = files.size < mostFiles ? readSource(url) : null;
    files.set(url, file);
    return file;
  };
  const place = (url: string, line: number, column: number): SourcePlace => {
    const file = open(url);
    const entry = file?.map?.findEntry(line, column);
    if (file !== null && entry !== undefined && 'originalSource' in entry) {
      const source = `${file.map?.payload.sourceRoot ?? ''}${entry.originalSource}`;
      return inside(root, sourcePath(source, file.folder, root), entry.originalLine + 1);
    }
    const path = url.startsWith('file:') ? fileURLToPath(url) : url;
    if (!isAbsolute(path)) return { file: url, line: line + 1, isOwn: false };
    return inside(root, path, line + 1);
  };
  return {
    of: place,
    ofVariable(url, variable, line, column) {
      const declared = declarationIn(open(url)?.text ?? '', variable);
      return declared === null ? place(url, line, column) : place(url, ...declared);
    },
  };
}

function inside(root: string, path: string, line: number): SourcePlace {
  const within = relative(root, path);
  const file = within.startsWith('..') ? path : within;
  const isForeign = file.split(sep).includes('node_modules') || path.startsWith(loadedFolder);
  return { file, line, isOwn: !isForeign };
}

/** Bundlers have a scheme of their own: `webpack://name/./src/app.ts` is the application's. */
function sourcePath(source: string, folder: string, root: string): string {
  if (source.startsWith('file:')) return fileURLToPath(source);
  const bundled = /^[a-z][\w+.-]+:\/\/[^/]*\/(.*)$/.exec(source)?.[1];
  return bundled === undefined ? resolve(folder, source) : resolve(root, bundled);
}

function readSource(url: string): ReadFile | null {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  if (!isAbsolute(path)) return null;
  try {
    const text = readFileSync(path, 'utf8');
    return { text, ...sourceMapOf(text, path) };
  } catch {
    // Built in a container, or deleted since: the place in the running code has to do.
    return null;
  }
}

function sourceMapOf(text: string, path: string): Pick<ReadFile, 'map' | 'folder'> {
  const [, url] = /\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(text.slice(-4_000_000)) ?? [];
  const folder = dirname(path);
  if (url === undefined) return { map: null, folder };
  try {
    const inline = /^data:[^,]*;base64,(.*)$/.exec(url)?.[1];
    const mapFile = resolve(folder, url);
    const json =
      inline === undefined
        ? readFileSync(mapFile, 'utf8')
        : Buffer.from(inline, 'base64').toString('utf8');
    const map = new SourceMap(JSON.parse(json) as SourceMapPayload);
    return { map, folder: inline === undefined ? dirname(mapFile) : folder };
  } catch {
    return { map: null, folder };
  }
}

/** Line and column from zero; the words before a name that make it a declaration. */
function declarationIn(text: string, variable: string): [line: number, column: number] | null {
  if (!/^[\w$]+$/.test(variable)) return null;
  const name = variable.replaceAll('$', '\\$');
  const found = new RegExp(`\\b(?:const|let|var|class|function\\*?)\\s+(${name})(?![\\w$])`).exec(
    text,
  );
  if (found === null) return null;
  const before = text.slice(0, found.index + found[0].length - variable.length);
  const line = before.split('\n').length - 1;
  return [line, before.length - (before.lastIndexOf('\n') + 1)];
}
