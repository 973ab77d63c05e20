// The fields a fault of a plan may have, and of what type each has to be. From here every problem
// is told with the path of what is wrong: `faults[2].when.from`.

import { insteadOf } from './nearest.ts';
import { duration } from './options.ts';

interface Field {
  readonly accepts: string;
  fits(value: unknown): boolean;
  /** What the fields inside it may be. */
  readonly inner?: Fields;
}

type Fields = Readonly<Record<string, Field>>;

const text: Field = { accepts: 'text', fits: (value) => typeof value === 'string' };
const longestPattern = 256;
const pattern: Field = {
  accepts: `text of at most ${longestPattern} characters, where * stands for any`,
  fits: (value) => typeof value === 'string' && value.length <= longestPattern,
};
const share: Field = {
  accepts: 'a number from 0 to 1',
  fits: (value) => typeof value === 'number' && value >= 0 && value <= 1,
};
const count: Field = {
  accepts: 'a whole number from 1',
  fits: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};
const whole: Field = { accepts: 'a whole number', fits: Number.isSafeInteger };
const plainValue: Field = {
  accepts: 'a plain value',
  fits: (value) => ['string', 'number', 'boolean'].includes(typeof value),
};
const time: Field = { accepts: duration('0ms', '').accepts, fits: isDuration };
const object = (inner?: Fields): Field => ({
  accepts: 'an object',
  fits: isRecord,
  ...(inner && { inner }),
});

const faultFields: Fields = {
  fault: text,
  options: object(),
  match: object({
    provider: text,
    operation: text,
    model: pattern,
    probability: share,
    nth: count,
  }),
  when: object({ phase: text, from: time, until: time, every: time }),
  toxicity: share,
  times: count,
  ttl: time,
};

export const mostFaults = 1000;

export const planFields: Fields = {
  seed: whole,
  phase: text,
  faults: {
    accepts: `a list of at most ${mostFaults} faults`,
    fits: (value) => Array.isArray(value) && value.length <= mostFaults,
  },
};

/** Everything that is wrong with one fault but its options' own values. */
export function faultProblems(raw: Readonly<Record<string, unknown>>, path: string): string[] {
  const problems = fieldProblems(raw, faultFields, path);
  if (!isRecord(raw.options)) return problems;
  const many = tooMany(raw.options, `${path}.options`);
  if (many.length > 0) return [...problems, ...many];
  const values = Object.entries(raw.options).flatMap(([name, value]) =>
    typeProblem(value, plainValue, `${path}.options.${name}`),
  );
  return [...problems, ...values];
}

/** Unknown fields and wrong types, all of them. */
export function fieldProblems(
  record: Readonly<Record<string, unknown>>,
  fields: Fields,
  path: string,
): string[] {
  const many = tooMany(record, path);
  if (many.length > 0) return many;
  return Object.entries(record).flatMap(([name, value]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      const known = Object.keys(fields);
      return [`Cannot use ${at}: there is no such field. ${insteadOf(name, known)}`];
    }
    const wrong = typeProblem(value, field, at);
    if (wrong.length > 0 || field.inner === undefined || !isRecord(value)) return wrong;
    return fieldProblems(value, field.inner, at);
  });
}

/** Each would be compared with every name there is, so a flood of them is told in one sentence. */
export const mostFields = 100;

function tooMany(record: object, path: string): string[] {
  const { length } = Object.keys(record);
  if (length <= mostFields) return [];
  return [`Cannot read ${path || 'the plan'}: it has ${length} fields, over ${mostFields}.`];
}

function typeProblem(value: unknown, field: Field, path: string): string[] {
  if (value === undefined || field.fits(value)) return [];
  const shown = JSON.stringify(value) ?? String(value);
  return [`Cannot read ${path} ${shown.slice(0, 80)}: it must be ${field.accepts}.`];
}

function isDuration(value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  try {
    duration('0ms', '').parse(value);
    return true;
  } catch {
    return false;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
