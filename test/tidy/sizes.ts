// Rules: short files, short functions, short lines. The bounds are of this project's style: the
// files of admired test beds have a median of 45 to 80 lines.

import { lineAt, type Rule, type SourceFile } from './tree.ts';

const fileLines = 400;
const explainedLines = 250;
const functionLines = 70;
const columns = 100;

/** Tables of cases and builders are long for good reason; only the hard bound holds for them. */
const isRoomy = (path: string) => /^test\/(?:conformance|fixtures|bench)\//.test(path);

export const shortFiles: Rule = ({ sources }) =>
  sources.flatMap(({ path, lines, text }) => {
    const count = lines.length - 1;
    if (count > fileLines) {
      return [`${path}: ${count} lines, over ${fileLines}. Split it.`];
    }
    const isExplained = isRoomy(path) || text.includes('Over 250 lines because');
    if (count <= explainedLines || isExplained) return [];
    return [`${path}: ${count} lines. Split it, or say "Over 250 lines because" in its header.`];
  });

/** Lines of the middle source file, tests left out; printed, for there is no bound to fail. */
export function medianLines(sources: readonly SourceFile[]): number {
  const counts = sources
    .filter(({ path }) => !path.startsWith('test/'))
    .map(({ lines }) => lines.length - 1)
    .sort((a, b) => a - b);
  return counts[counts.length >> 1] ?? 0;
}

export const shortFunctions: Rule = ({ sources }) =>
  sources
    .filter(({ path }) => !isRoomy(path))
    .flatMap(({ path, code }) =>
      functionBodies(code)
        .filter(({ count }) => count > functionLines)
        .map(({ line, count }) => `${path}:${line}: a function of ${count} lines. Split it.`),
    );

/**
 * `=> {`, `) {`, `): Type {`: what stands before a brace tells a body from an object. A page's
 * script is wrapped in one function at column 0, which is its file.
 */
const opensBody = /(?:=>|\)\s*(?::\s*[^;={}()]*(?:\{[^{}]*\}[^;={}()]*)?)?)\s*$/;
const opensBlock = /\b(?:if|for|while|switch|catch)\s*\([^{}]*$/;

function functionBodies(code: string) {
  const open: number[] = [];
  const bodies: { readonly line: number; readonly count: number }[] = [];
  for (const { 0: brace, index } of code.matchAll(/[{}]/g)) {
    if (brace === '{') open.push(index);
    const start = brace === '{' ? undefined : open.pop();
    if (start === undefined) continue;
    const line = lineAt(code, start);
    const count = lineAt(code, index) - line + 1;
    // Only a long block is worth the look at what it is.
    const before = count > functionLines ? code.slice(Math.max(0, start - 400), start) : '';
    const isWhole = code.slice(code.lastIndexOf('\n', start) + 1, start) === '(() => ';
    if (!isWhole && opensBody.test(before) && !opensBlock.test(before))
      bodies.push({ line, count });
  }
  return bodies;
}

/** A literal may reach further, where no formatter could break it: a wire message is greppable. */
export const shortLines: Rule = ({ sources }) =>
  sources.flatMap(({ path, lines, code, comments }) => {
    const written = code.split('\n');
    const remarks = comments.split('\n');
    return lines.flatMap((line, index) => {
      const width = [...line].length;
      const ownWords = `${written[index]}`.trim().replace(/ {2,}/g, '').length;
      const isComment = `${remarks[index]}`.trim() !== '';
      if (width <= columns || (!isComment && ownWords <= columns)) return [];
      return [`${path}:${index + 1}: ${width} columns, over ${columns}. Break the line.`];
    });
  });
