// Rule: constructs that are banned, each with its replacement. Looked for in code or in comments,
// so a string that merely speaks of one is left alone.

import { lineAt, type Rule } from './tree.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly where: 'code' | 'comments';
  readonly instead: string;
  /** Paths that may use it, and why they may. */
  readonly except?: RegExp;
}

/** The one home of chance and time; agents, pages and test subjects run outside our processes. */
const timeKeepers =
  /^injectors\/determinism\.ts$|^(?:harness\/probes\/agents|harness\/reports\/page|mocks\/dashboard\/page)\/|^test\/(?:fixtures|gallery\/.+\.mjs$)/;
const clock = 'Use Clock, sleep or within of injectors/determinism.ts.';

const bans: readonly Ban[] = [
  {
    pattern: /\bMath\.random\b/g,
    where: 'code',
    instead: 'Math.random cannot be replayed. Use an Rng of injectors/determinism.ts.',
    except: timeKeepers,
  },
  {
    pattern: /\bDate\.now\b/g,
    where: 'code',
    instead: `Date.now jumps and cannot be faked. ${clock}`,
    except: timeKeepers,
  },
  {
    pattern: /(?<![.\w])set(?:Timeout|Interval)\s*\(/g,
    where: 'code',
    instead: `A bare timer cannot be faked. ${clock}`,
    except: timeKeepers,
  },
  {
    pattern: /(?<![.\w])console\s*\./g,
    where: 'code',
    instead: 'console is for harness/cli only. Return the text, or take a function that writes.',
    except: /^harness\/cli\/|^test\/fixtures\//,
  },
  {
    pattern: /^export default\b/gm,
    where: 'code',
    instead: 'A default export has no name to search for. Export by name.',
    // There it is the interface that users of `leakbed repro` write to.
    except: /^harness\/museum\/units\/|^harness\/repro\/template\.mjs$/,
  },
  {
    pattern: /(?::|<|\bas|\||,)\s*any\b(?=\s*[;,)>\]=|&[{]|\s*$)/gm,
    where: 'code',
    instead: '"any" turns the checks off. Use unknown, or the real type.',
  },
  {
    pattern: /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+\w+/gm,
    where: 'code',
    instead: 'An enum is not erasable. Use a union of strings.',
  },
  {
    pattern: /\bconstructor\s*\([^)]*\b(?:private|public|protected|readonly)\s/g,
    where: 'code',
    instead: 'A parameter property is not erasable. Declare the field.',
  },
  {
    pattern: /@ts-(?:ignore|nocheck|expect-error)\b/g,
    where: 'comments',
    instead: 'A silenced type error stays wrong. Mend the types.',
  },
  {
    pattern: /\b(?:TODO|FIXME|XXX)\b/g,
    where: 'comments',
    instead: 'Unfinished work is forgotten here. Do it now, or open an issue.',
  },
];

export const bannedConstructs: Rule = ({ sources }) =>
  sources.flatMap(({ path, code, comments }) =>
    bans.flatMap(({ pattern, where, instead, except }) => {
      if (except?.test(path) === true) return [];
      const text = where === 'code' ? code : comments;
      return [...text.matchAll(pattern)].map(({ 0: found, index }) => {
        const line = lineAt(text, index + found.length - found.trimStart().length);
        return `${path}:${line}: ${found.trim()}: ${instead}`;
      });
    }),
  );
