// Splits a source into its code, its comments and its literals, each as long as the source and
// blank elsewhere, so that a rule looks only where it means to and columns stay true.

export interface Masked {
  /** Code alone: comments and the inside of strings, templates and patterns are blank. */
  readonly code: string;
  readonly comments: string;
  readonly literals: string;
}

type Layer = 'code' | 'comments' | 'literals';

/** After one of these a slash begins a pattern; elsewhere it divides. */
const beforePattern =
  /(?:^|[(,=:[!&|?{};+<>~%*-]|\b(?:return|typeof|case|in|of|throw|yield|await))$/;

export function mask(source: string): Masked {
  const layers: Layer[] = [];
  /** Depth of braces at each `${` that is still open. */
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  let code = '';
  const take = (layer: Layer, end: number) => {
    if (layer === 'code') code = (code + source.slice(at, end)).slice(-40);
    for (; at < Math.min(end, source.length); at++) layers.push(layer);
  };
  while (at < source.length) {
    const rest = source.slice(at, at + 2);
    const closesTemplate = rest[0] === '}' && templates.at(-1) === depth;
    if (rest === '//' || (rest === '#!' && at === 0)) take('comments', endOf(source, '\n', at));
    else if (rest === '/*') take('comments', endOf(source, '*/', at) + 2);
    else if (rest[0] === "'" || rest[0] === '"') literal(endOfString(source, at));
    else if (rest[0] === '/' && beforePattern.test(code.trimEnd()))
      literal(endOfPattern(source, at));
    else if (rest[0] === '`' || closesTemplate) {
      if (closesTemplate) templates.pop();
      const end = endOfTemplate(source, at);
      literal(end);
      if (source[end - 1] === '{') templates.push(depth);
    } else {
      if (rest[0] === '{') depth += 1;
      if (rest[0] === '}') depth -= 1;
      take('code', at + 1);
    }
  }
  /** The delimiters stay code, what they enclose does not. */
  function literal(end: number): void {
    take('code', at + 1);
    take('literals', Math.max(at, end - 1));
    take('code', end);
  }
  const only = (layer: Layer) =>
    source.replace(/[^\n]/g, (character, index: number) =>
      layers[index] === layer ? character : ' ',
    );
  return { code: only('code'), comments: only('comments'), literals: only('literals') };
}

function endOf(source: string, stop: string, from: number): number {
  const end = source.indexOf(stop, from);
  return end === -1 ? source.length : end;
}

function endOfString(source: string, from: number): number {
  const pattern = source[from] === "'" ? /'(?:\\.|[^'\\\n])*'?/sy : /"(?:\\.|[^"\\\n])*"?/sy;
  return endOfMatch(pattern, source, from);
}

function endOfPattern(source: string, from: number): number {
  return endOfMatch(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/?/y, source, from);
}

/** From a backtick, or from the brace that ends an insertion, to the next of either. */
function endOfTemplate(source: string, from: number): number {
  return endOfMatch(/[`}](?:\\.|\$(?!\{)|[^`\\$])*(?:`|\$\{)?/sy, source, from);
}

function endOfMatch(pattern: RegExp, source: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(source) ? pattern.lastIndex : from + 1;
}
