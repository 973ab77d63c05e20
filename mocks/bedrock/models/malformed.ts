// Schema checks of bodies that Amazon and Cohere models take through InvokeModel, worded as the
// service words them: pointers into the body (`#/texts`), all violations in one message.

import { ProviderError } from '../../provider.ts';
import { isObject, type JsonObject } from '../constraints.ts';

type JsonType = 'String' | 'Integer' | 'Boolean' | 'JSONArray';

export interface Schema {
  readonly required?: boolean;
  readonly type: JsonType;
  readonly values?: readonly (string | number)[];
  /** Bounds of a text's length or a list's size. */
  readonly min?: number;
  readonly max?: number;
  /** Of a list's items. */
  readonly items?: Schema;
}

/** Throws a ValidationException when `body` breaks the schema; unknown keys break it too. */
export function checkSchema(body: JsonObject, schema: Readonly<Record<string, Schema>>): void {
  const violations = [
    ...Object.entries(schema).flatMap(([key, rule]) => checkKey(body, key, rule)),
    ...Object.keys(body)
      .filter((key) => !Object.hasOwn(schema, key))
      .map((key) => `#: extraneous key [${key}] is not permitted`),
  ];
  if (violations.length > 0) throw malformed(violations);
}

export function malformed(violations: readonly string[]): ProviderError {
  const hint = 'please reformat your input and try again.';
  return new ProviderError(
    'validation',
    `Malformed input request: ${violations.join('')}, ${hint}`,
  );
}

function checkKey(body: JsonObject, key: string, rule: Schema): string[] {
  if (body[key] !== undefined) return checkValue(body[key], `#/${key}`, rule);
  return rule.required === true ? [`#: required key [${key}] not found`] : [];
}

function checkValue(value: unknown, pointer: string, rule: Schema): string[] {
  const found = typeOf(value);
  if (found !== rule.type) return [`${pointer}: expected type: ${rule.type}, found: ${found}`];
  if (rule.values !== undefined && !rule.values.some((allowed) => allowed === value)) {
    return [`${pointer}: ${value} is not a valid enum value`];
  }
  if (Array.isArray(value)) {
    const { items } = rule;
    const inner = items
      ? value.flatMap((item, index) => checkValue(item, `${pointer}/${index}`, items))
      : [];
    return [...sizeProblems(value.length, pointer, rule, 'item count'), ...inner];
  }
  if (typeof value === 'string') return sizeProblems(value.length, pointer, rule, 'length');
  return [];
}

function sizeProblems(
  size: number,
  pointer: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: Schema,
  what: 'item count' | 'length',
): string[] {
  const [low, high, got] =
    what === 'length'
      ? ['expected minLength', 'expected maxLength', 'actual']
      : ['expected minimum item count', 'expected maximum item count', 'found'];
  if (size < min) return [`${pointer}: ${low}: ${min}, ${got}: ${size}`];
  if (size > max) return [`${pointer}: ${high}: ${max}, ${got}: ${size}`];
  return [];
}

function typeOf(value: unknown): string {
  if (typeof value === 'string') return 'String';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Double';
  if (typeof value === 'boolean') return 'Boolean';
  if (Array.isArray(value)) return 'JSONArray';
  return isObject(value) ? 'JSONObject' : 'Null';
}
