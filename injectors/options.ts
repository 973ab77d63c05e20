// Option types: each turns a word of a directive or a JSON value into a typed value, says what it
// accepts, and prints itself back. Shared by faults, scripts and the command line.

import { insteadOf } from './nearest.ts';

/** A value as it stands in JSON or in a directive. */
export type RawValue = string | number | boolean;

/** What a form has to know to ask for a value; `accepts` says the same in words. */
export type OptionForm =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'size'; readonly maxBytes: number }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'duration' | 'share' | 'position' | 'text' };

export interface OptionType<T> {
  /** What is accepted, for messages and help: "a duration such as 250ms or 2s". */
  readonly accepts: string;
  readonly form: OptionForm;
  /** Used when the option is not given; undefined means the option is required. */
  readonly fallback: RawValue | undefined;
  readonly help: string;
  /** Throws a RangeError whose message is `accepts` when the value does not fit. */
  parse(raw: RawValue): T;
}

type Schema = Readonly<Record<string, OptionType<unknown>>>;
export type OptionsOf<S extends Schema> = {
  readonly [K in keyof S]: S[K] extends OptionType<infer T> ? T : never;
};

function option<T>(
  accepts: string,
  fallback: RawValue | undefined,
  help: string,
  form: OptionForm,
  convert: (raw: RawValue) => T | undefined,
): OptionType<T> {
  return {
    accepts,
    form,
    fallback,
    help,
    parse(raw) {
      const value = convert(raw);
      if (value === undefined) throw new RangeError(accepts);
      return value;
    },
  };
}

const matched = (raw: RawValue, pattern: RegExp): RegExpExecArray | undefined =>
  pattern.exec(String(raw).trim()) ?? undefined;

/** The longest wait a timer can hold, about 24 days. */
const longestMs = 2 ** 31 - 1;

/** Milliseconds from `250ms`, `2s`, `1m`, or a bare number of milliseconds. */
export function duration(fallback: string | undefined, help: string): OptionType<number> {
  const form = { kind: 'duration' } as const;
  return option('a duration such as 250ms, 2s or 1m', fallback, help, form, (raw) => {
    const match = matched(raw, /^(\d+(?:\.\d+)?)(ms|s|m)?$/);
    if (match === undefined) return undefined;
    const factor = { ms: 1, s: 1000, m: 60_000 }[match[2] ?? 'ms'] ?? 1;
    const value = Number(match[1]) * factor;
    return value <= longestMs ? value : undefined;
  });
}

/** Bytes from `512`, `512B`, `4KiB`, `1MiB`, up to a bound of whole MiB. */
export function size(
  fallback: string | undefined,
  help: string,
  bounds: { readonly maxMiB: number },
): OptionType<number> {
  const accepts = `a size such as 512, 4KiB or 1MiB, at most ${bounds.maxMiB}MiB`;
  const maxBytes = bounds.maxMiB * 1024 ** 2;
  return option(accepts, fallback, help, { kind: 'size', maxBytes }, (raw) => {
    const match = matched(raw, /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)?$/);
    if (match === undefined) return undefined;
    const factor = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }[match[2] ?? 'B'] ?? 1;
    const value = Math.round(Number(match[1]) * factor);
    return value <= maxBytes ? value : undefined;
  });
}

export function integer(
  fallback: number | undefined,
  help: string,
  bounds: { readonly min: number; readonly max: number },
): OptionType<number> {
  const accepts = `a whole number from ${bounds.min} to ${bounds.max}`;
  return option(accepts, fallback, help, { kind: 'integer', ...bounds }, (raw) => {
    const match = matched(raw, /^-?\d+$/);
    const value = match === undefined ? Number.NaN : Number(match[0]);
    return value >= bounds.min && value <= bounds.max ? value : undefined;
  });
}

/** A share of the whole: `0.25` or `25%`. */
export function ratio(fallback: string | undefined, help: string): OptionType<number> {
  return option('a share such as 0.25 or 25%', fallback, help, { kind: 'share' }, (raw) => {
    const match = matched(raw, /^(\d+(?:\.\d+)?)(%)?$/);
    if (match === undefined) return undefined;
    const value = Number(match[1]) / (match[2] === '%' ? 100 : 1);
    return value >= 0 && value <= 1 ? value : undefined;
  });
}

export function choice<const T extends string>(
  values: readonly T[],
  fallback: NoInfer<T> | undefined,
  help: string,
): OptionType<T> {
  return option(`one of ${values.join(', ')}`, fallback, help, { kind: 'choice', values }, (raw) =>
    values.find((value) => value === String(raw)),
  );
}

const longestText = 4096;

/** Free text; only in JSON can it hold spaces and semicolons. */
export function text(fallback: string | undefined, help: string): OptionType<string> {
  const accepts = `text of at most ${longestText} characters, without spaces and semicolons`;
  return option(accepts, fallback, help, { kind: 'text' }, (raw) =>
    String(raw).length <= longestText ? String(raw) : undefined,
  );
}

/** A name that can stand in any header. */
export function word(fallback: string | undefined, help: string): OptionType<string> {
  const accepts = 'a name of at most 100 letters, digits and . _ -';
  const form = { kind: 'text' } as const;
  return option(accepts, fallback, help, form, (raw) => matched(raw, /^[\w.-]{1,100}$/)?.[0]);
}

/**
 * Reads every option of a schema; collects all problems instead of stopping at the first. They name
 * an option by the `path` it has in a document, or as one of `owner`'s where there is none.
 */
export function parseOptions<S extends Schema>(
  schema: S,
  raw: Readonly<Record<string, RawValue>>,
  owner: string,
  path?: string,
): { readonly options: OptionsOf<S>; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const options: Record<string, unknown> = {};
  const names = Object.keys(schema);
  for (const name of Object.keys(raw)) {
    if (Object.hasOwn(schema, name)) continue;
    const place = path === undefined ? '' : ` at ${path}.${name}`;
    problems.push(
      `Cannot use option "${name}" of ${owner}${place}: there is none. ${insteadOf(name, names)}`,
    );
  }
  const defaults = defaultsOf(schema);
  for (const name of names) {
    const type = schema[name] as OptionType<unknown>;
    const given = raw[name];
    if (given === undefined && Object.hasOwn(defaults, name)) {
      options[name] = defaults[name];
      continue;
    }
    if (given === undefined) {
      const place = path === undefined ? '' : ` at ${path}.${name}`;
      problems.push(
        `Cannot use ${owner}: option "${name}"${place} is missing. Give ${type.accepts}.`,
      );
      continue;
    }
    try {
      options[name] = type.parse(given);
    } catch {
      const place = path === undefined ? `${owner} ${name}` : `${path}.${name}`;
      problems.push(`Cannot read ${place}=${given}: it must be ${type.accepts}.`);
    }
  }
  return { options: options as OptionsOf<S>, problems };
}

/** What is not given is read once: requests name few of the words there are. */
function defaultsOf(schema: Schema): Readonly<Record<string, unknown>> {
  const known = readDefaults.get(schema);
  if (known !== undefined) return known;
  const entries = Object.entries(schema).flatMap(([name, { fallback, parse }]) =>
    fallback === undefined ? [] : [[name, parse(fallback)] as const],
  );
  const defaults = Object.fromEntries(entries);
  readDefaults.set(schema, defaults);
  return defaults;
}

const readDefaults = new WeakMap<Schema, Readonly<Record<string, unknown>>>();
