// Schema checks of bodies that Amazon and Cohere models take through InvokeModel, worded as the
// service words them: pointers into the body (`#/texts`), all violations in one message.

import { ProviderError } from '../../provider.ts';
import { isObject, type JsonObject } from '../constraints.ts';

type JsonType = 'String' | 'Integer' | 'Number' | 'Boolean' | 'JSONArray' | 'JSONObject';

export interface Schema {
  readonly required?: boolean;
  readonly type: JsonType;
  readonly values?: readonly (string | number)[];
  /** Bounds of a text's length, a list's size or a number. */
  readonly min?: number;
  readonly max?: number;
  /** Of a list's items. */
  readonly items?: Schema;
  /** Of an object; absent where it may hold anything. */
  readonly members?: Readonly<Record<string, Schema>>;
}

/** Throws a ValidationException when `body` breaks the schema; unknown keys break it too. */
export function checkSchema(body: JsonObject, schema: Readonly<Record<string, Schema>>): void {
  const violations = checkMembers(body, '#', schema);
  if (violations.length > 0) throw malformed(violations);
}

export function malformed(violations: readonly string[]): ProviderError {
  const hint = 'please reformat your input and try again.';
  return new ProviderError(
    'validation',
    `Malformed input request: ${violations.join('')}, ${hint}`,
  );
}

function checkMembers(
  value: JsonObject,
  pointer: string,
  schema: Readonly<Record<string, Schema>>,
): string[] {
  return [
    ...Object.entries(schema).flatMap(([key, rule]) => {
      if (value[key] !== undefined) return checkValue(value[key], `${pointer}/${key}`, rule);
      return rule.required === true ? [`${pointer}: required key [${key}] not found`] : [];
    }),
    ...Object.keys(value)
      .filter((key) => !Object.hasOwn(schema, key))
      .map((key) => `${pointer}: extraneous key [${key}] is not permitted`),
  ];
}

function checkValue(value: unknown, pointer: string, rule: Schema): string[] {
  const found = typeOf(value);
  const fits = found === rule.type || (rule.type === 'Number' && typeof value === 'number');
  if (!fits) return [`${pointer}: expected type: ${rule.type}, found: ${found}`];
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
  if (typeof value === 'number') return rangeProblems(value, pointer, rule);
  return isObject(value) && rule.members ? checkMembers(value, pointer, rule.members) : [];
}

function rangeProblems(value: number, pointer: string, { min, max }: Schema): string[] {
  if (min !== undefined && value < min)
    return [`${pointer}: ${value} is not greater or equal to ${min}`];
  if (max !== undefined && value > max)
    return [`${pointer}: ${value} is not less or equal to ${max}`];
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
