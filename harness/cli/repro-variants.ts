// What `leakbed repro` is asked for: the unit, the sets of versions it runs with, one after the
// other, what is expected of each, and the command that asks for the same again.

import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { insteadOf } from '../../injectors/nearest.ts';
import { type Fault, parseFaultWords } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import { findPublished, museum } from '../museum/index.ts';
import { publishedFinding, type Repro } from '../repro/repro.ts';
import { splitPackage } from '../repro/workshop.ts';
import type { Scale } from '../scenario.ts';
import type { Finding } from '../verdict.ts';
import { asUsage, UsageError } from './exit-codes.ts';
import { shellWord } from './shell-word.ts';

export interface ReproFlags {
  readonly package: readonly string[];
  readonly compare: readonly string[];
  readonly node?: string;
  readonly fault: readonly string[];
  readonly plan?: string;
  readonly users?: number;
  readonly tolerate?: number;
  readonly resolution?: number;
  readonly maxSeconds?: number;
  readonly rest: number;
  readonly suspects: boolean;
  readonly scale: Scale;
  readonly seed?: number;
  readonly out: string;
  readonly json?: boolean;
}

/** One set of versions of the unit, and what is expected of it where that is known. */
export interface Variant {
  readonly packages: readonly string[];
  readonly expected?: Finding;
}

/** An entry of the museum, or the user's module as if it were one. `plan`: what --plan holds. */
export function chosenRepro(what: string, flags: ReproFlags, plan: readonly Fault[] = []): Repro {
  const { problems } = bindFaults(asUsage(() => flags.fault.map(parseFaultWords)));
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  const { users, maxSeconds, resolution: resolutionBytes, tolerate: bytes } = flags;
  const told = {
    plan,
    ...(users !== undefined && { users }),
    ...(maxSeconds !== undefined && { maxSeconds }),
    ...(resolutionBytes !== undefined && { resolutionBytes }),
    ...(bytes !== undefined && { tolerates: { bytes } }),
  };
  const found = findPublished(what);
  if (found !== undefined) {
    return { ...found, ...told, faults: [...(found.faults ?? []), ...flags.fault] };
  }
  const { file, exported } = splitModule(what);
  if (!existsSync(file)) {
    const slugs = museum.map(({ slug }) => slug);
    throw new UsageError(
      `Cannot reproduce "${what}": there is no such file, and no such entry of \`leakbed leaks\`. ` +
        insteadOf(what, slugs),
    );
  }
  const slug = exported === undefined ? basename(file) : `${basename(file)}#${exported}`;
  return {
    slug,
    title: slug,
    language: file.endsWith('.py') ? 'python' : 'node',
    unit: pathToFileURL(file),
    ...(exported !== undefined && { exported }),
    packages: [],
    faults: flags.fault,
    ...told,
    trigger: 'the work of the module',
  };
}

/** `FILE` or `FILE#export`; a # in the name of a file that exists belongs to the name. */
function splitModule(what: string): { readonly file: string; readonly exported?: string } {
  const [, name, exported] = /^(.+)#([\w$]+)$/.exec(what) ?? [];
  const isWhole = name === undefined || exported === undefined || existsSync(resolve(what));
  return isWhole ? { file: resolve(what) } : { file: resolve(name), exported };
}

/** As published: first what leaks, then what does not. With own versions: those, as they are. */
export function variantsOf(repro: Repro, flags: ReproFlags): readonly Variant[] {
  const { package: named, compare } = flags;
  asUsage(() => [...named, ...compare].map(splitPackage));
  const packages = replaced(repro.packages, named);
  if (compare.length > 0) return [{ packages }, { packages: replaced(packages, compare) }];
  const isDisturbed = flags.fault.length > 0 || flags.plan !== undefined;
  const isAsPublished = named.length === 0 && flags.node === undefined && !isDisturbed;
  if (!isAsPublished || repro.reference === undefined) return [{ packages }];
  const published = { packages, expected: publishedFinding(repro, flags.rest) };
  if (repro.fixed === undefined) return [published];
  return [published, { packages: replaced(packages, repro.fixed), expected: 'clean' }];
}

/** The packages, those of the same name in the other version. */
function replaced(packages: readonly string[], others: readonly string[]): readonly string[] {
  const nameOf = (text: string) => splitPackage(text)[0];
  const left = new Map(others.map((text) => [nameOf(text), text]));
  const kept = packages.map((text) => {
    const other = left.get(nameOf(text)) ?? text;
    left.delete(nameOf(text));
    return other;
  });
  return [...kept, ...left.values()];
}

export function repeatRepro(what: string, flags: ReproFlags, seed: number): string {
  const { package: named, compare, fault, rest, scale } = flags;
  const each = (option: string, values: readonly string[]) =>
    values.map((value) => `--${option} ${shellWord(value)}`);
  const once = (option: string, value: string | number | undefined) =>
    each(option, value === undefined ? [] : [String(value)]);
  return [
    `npx leakbed repro ${shellWord(what)}`,
    ...each('package', named),
    ...each('compare', compare),
    ...once('node', flags.node),
    ...each('fault', fault),
    ...once('plan', flags.plan),
    ...once('users', flags.users),
    ...once('tolerate', flags.tolerate),
    ...once('resolution', flags.resolution),
    ...once('max-seconds', flags.maxSeconds),
    ...(flags.suspects ? [] : ['--no-suspects']),
    `--rest ${rest} --scale ${scale} --seed ${seed}`,
  ].join(' ');
}
