// Rules: files are named in kebab-case for the one thing they hold, and begin by saying what it is.

import { basename } from 'node:path';
import type { Rule } from './tree.ts';

const shape = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|slow))?\.(?:ts|js|mjs|cjs)$/;
const empty =
  /^(?:utils?|helpers?|common|misc|managers?|shared|lib)$|-(?:utils?|helpers?|manager)$/;

export const fileNames: Rule = ({ sources }) =>
  sources.flatMap(({ path }) => {
    const name = basename(path);
    if (!shape.test(name)) return [`${path}: the name is not kebab-case.`];
    const words = path.split('/').map((part) => part.replace(/\..*$/, ''));
    const hollow = words.find((word) => empty.test(word));
    if (hollow === undefined) return [];
    return [`${path}: "${hollow}" says nothing. Name it after the one thing it holds.`];
  });

/** What the file is and where it sits in the flow, before its first line of code. */
export const headers: Rule = ({ sources }) =>
  sources
    .filter(({ path }) => !path.startsWith('test/'))
    .filter(({ lines }) => {
      const first = lines[0]?.startsWith('#!') === true ? lines[1] : lines[0];
      return !/^(?:\/\/|\/\*)/.test(first ?? '');
    })
    .map(({ path }) => `${path}: no header. Begin with a comment that says what it is.`);
