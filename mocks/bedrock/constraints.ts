// Checks of the service's front door, worded as it words them: a value of the wrong JSON type
// cannot be deserialized at all, while all broken constraints are listed in one message. Members
// of lists are counted from 1 there (`messages.1.member.role`).

import { ProviderError } from '../provider.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface Constraints {
  /** False, and noted, when the value is missing. */
  present(value: unknown, path: string): boolean;
  oneOf(value: string | undefined, path: string, allowed: readonly string[]): void;
  range(value: number | undefined, path: string, low: number, high?: number): void;
  matches(value: string | undefined, path: string, pattern: string): void;
  /** Length of bytes that are not shown. */
  size(bytes: number, path: string, low: number, high?: number): void;
  length(
    value: string | readonly unknown[] | undefined,
    path: string,
    low: number,
    high?: number,
  ): void;
  /** Notes, when called, a rule for all members, keys or values of a collection. */
  all(
    what: 'Member' | 'Map keys' | 'Map value',
    path: string,
    shown?: readonly unknown[],
  ): (rules: readonly string[]) => void;
  /** Throws the ValidationException that names everything noted so far. */
  check(): void;
}

export function createConstraints(): Constraints {
  const broken: string[] = [];
  const note = (shown: string, path: string, rule: string, what = 'Member') =>
    broken.push(`Value ${shown}at '${path}' failed to satisfy constraint: ${what} must ${rule}`);
  const bounds = (
    shown: string,
    path: string,
    size: number,
    what: string,
    low: number,
    high: number,
  ) => {
    if (size < low) note(shown, path, `have ${what} greater than or equal to ${low}`);
    if (size > high) note(shown, path, `have ${what} less than or equal to ${high}`);
  };
  return {
    present(value, path) {
      if (value !== undefined && value !== null) return true;
      note('null ', path, 'not be null');
      return false;
    },
    oneOf(value, path, allowed) {
      if (value === undefined || allowed.includes(value)) return;
      note(`'${value}' `, path, `satisfy enum value set: [${allowed.join(', ')}]`);
    },
    range(value, path, low, high = Number.MAX_SAFE_INTEGER) {
      if (value !== undefined) bounds(`'${value}' `, path, value, 'value', low, high);
    },
    matches(value, path, pattern) {
      if (value === undefined || wholeMatch(pattern).test(value)) return;
      note(`'${value}' `, path, `satisfy regular expression pattern: ${pattern}`);
    },
    size(bytes, path, low, high = Number.MAX_SAFE_INTEGER) {
      bounds('', path, bytes, 'length', low, high);
    },
    length(value, path, low, high = Number.MAX_SAFE_INTEGER) {
      if (value === undefined) return;
      const text = typeof value === 'string' ? value : value.length === 0 ? '[]' : undefined;
      const shown = text === undefined ? '' : `'${text}' `;
      bounds(shown, path, value.length, 'length', low, high);
    },
    all: (what, path, list) => (rules) => {
      const shown = list === undefined ? '' : `'[${list.join(', ')}]' `;
      const each = rules.map((rule) => `Member must ${rule}`).join(', ');
      note(shown, path, `satisfy constraint: [${each}]`, what);
    },
    check() {
      if (broken.length === 0) return;
      const count = `${broken.length} validation error${broken.length === 1 ? '' : 's'}`;
      throw new ProviderError('validation', `${count} detected: ${broken.join('; ')}`);
    },
  };
}

/** The service's patterns are for whole values; some have anchors of their own. */
export function wholeMatch(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(`^(?:${pattern})$`, 's');
  compiled.set(pattern, made);
  return made;
}

/** As many as the shapes have patterns. */
const compiled = new Map<string, RegExp>();

/** Parses a body whose members the service itself reads (Converse, not InvokeModel). */
export function parseBody(body: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body.length === 0 ? '{}' : body.toString());
  } catch {
    throw undeserializable('Unable to parse the request body as JSON.');
  }
  return objectAt(value) ?? {};
}

export function objectAt(value: unknown): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  throw undeserializable(
    Array.isArray(value) ? 'Start of list found where not expected' : 'Unexpected field type',
  );
}

export function listAt(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value;
  throw undeserializable(
    isObject(value)
      ? 'Start of structure or map found where not expected.'
      : 'Unexpected field type',
  );
}

export function stringAt(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw undeserializable(wrongScalar(value, 'String'));
}

export function numberAt(value: unknown, target: 'Integer' | 'Float'): number | undefined {
  if (value === undefined || value === null) return undefined;
  const fits = typeof value === 'number' && (target === 'Float' || Number.isInteger(value));
  if (fits) return value;
  throw undeserializable(wrongScalar(value, target));
}

/** For optional objects of a body that was checked. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongScalar(value: unknown, target: string): string {
  if (isObject(value)) return 'Start of structure or map found where not expected.';
  if (Array.isArray(value)) return 'Start of list found where not expected';
  const found = typeof value === 'boolean' ? String(value) : typeof value;
  const article = target === 'Integer' ? 'an' : 'a';
  return `${found.toUpperCase()}_VALUE can not be converted to ${article} ${target}`;
}

export function undeserializable(message: string): ProviderError {
  return new ProviderError('SerializationException', message);
}
