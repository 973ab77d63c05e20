// A directive says, inside a prompt or a header, what to answer and how to disturb it:
//   [[leakbed chunks=200 gap=20ms fault=truncate;at=50%]]
// It passes through any gateway, because it is ordinary user text.

import { insteadOf } from '../../injectors/nearest.ts';
import { parseOptions, type RawValue } from '../../injectors/options.ts';
import { type Fault, parseFaultWords } from '../../injectors/plan.ts';
import { type ScriptSettings, scriptWords } from './words.ts';

export interface Directive {
  readonly words: Readonly<Record<string, RawValue>>;
  readonly faults: readonly Fault[];
  readonly problems: readonly string[];
}

const opening = '[[leakbed';
const closing = ']]';
/** Prompts can be 25 MB; a directive stands near the start or the end, so only those are read. */
const searchedBytes = 65_536;

/** The directive inside a prompt, or undefined when there is none. */
export function findDirective(prompt: string): Directive | undefined {
  if (prompt.length <= searchedBytes) return findIn(prompt);
  return findIn(prompt.slice(0, searchedBytes)) ?? findIn(prompt.slice(-searchedBytes));
}

/** No regular expression: a hostile prompt would make one search in quadratic time. */
function findIn(text: string): Directive | undefined {
  const start = text.indexOf(opening);
  if (start === -1) return undefined;
  const from = start + opening.length;
  const end = text.indexOf(closing, from);
  const words = end === -1 ? '' : text.slice(from, end);
  if (end === -1 || words.includes('[[')) {
    const problem = `Cannot read the directive: "${opening}" is not closed. End it with "${closing}".`;
    return { words: {}, faults: [], problems: [problem] };
  }
  // A copy: a slice would keep the whole prompt alive in whatever remembers one of its words.
  return parseDirective(Buffer.from(words).toString());
}

/** Reads the words themselves, as an `x-leakbed` header carries them. */
export function parseDirective(text: string): Directive {
  const words: Record<string, RawValue> = {};
  const faults: Fault[] = [];
  const problems: string[] = [];
  // A header given twice arrives joined with commas.
  for (const token of text.split(/,?\s+/).filter(Boolean)) {
    const cut = token.indexOf('=');
    const name = cut === -1 ? token : token.slice(0, cut);
    const value = cut === -1 ? '' : token.slice(cut + 1);
    if (name === 'fault') faults.push(parseFaultWords(value));
    else if (Object.hasOwn(scriptWords, name)) words[name] = value;
    else {
      const known = ['fault', ...Object.keys(scriptWords)];
      problems.push(
        `Cannot use word "${name}" of the directive: there is none. ${insteadOf(name, known)}`,
      );
    }
  }
  return { words, faults, problems };
}

/** Words to settings, defaults filled in; every problem listed. */
export function scriptSettings(words: Readonly<Record<string, RawValue>>): {
  readonly settings: ScriptSettings;
  readonly problems: readonly string[];
} {
  const { options, problems } = parseOptions(scriptWords, words, 'script word');
  return { settings: options, problems };
}
