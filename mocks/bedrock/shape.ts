// Shapes of modelled requests as data, and the one walk that checks a body against them: types
// first (a wrong one cannot be deserialized), then constraints, all of them noted. Members that
// the model does not have are ignored, as the service's deserializer does.

import { ProviderError } from '../provider.ts';
import {
  type Constraints,
  createConstraints,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  stringAt,
  undeserializable,
  wholeMatch,
} from './constraints.ts';

interface Bounds {
  readonly required?: true;
  /** Length of a text, list, map or blob; value of a number. */
  readonly min?: number;
  readonly max?: number;
}

interface TextShape extends Bounds {
  readonly type: 'string';
  readonly values?: readonly string[];
  readonly pattern?: string;
}

export type Shape = Bounds &
  (
    | TextShape
    | { readonly type: 'integer' | 'float' | 'boolean' | 'blob' | 'document' }
    | { readonly type: 'list'; readonly of: Shape }
    | { readonly type: 'map'; readonly of: Shape; readonly keys?: TextShape }
    | { readonly type: 'structure'; readonly members: Members; readonly union?: string }
  );

export type Members = Readonly<Record<string, Shape>>;

/** Throws what the service would refuse `body` with. */
export function checkMembers(body: unknown, members: Members): void {
  const constraints = createConstraints();
  const root = objectAt(body) ?? {};
  for (const [name, shape] of entriesOf(members)) walk(root[name], shape, name, constraints);
  constraints.check();
}

/** Listed once: every request walks the same shapes. */
function entriesOf(members: Members): readonly (readonly [string, Shape])[] {
  const known = listed.get(members);
  if (known !== undefined) return known;
  const entries = Object.entries(members);
  listed.set(members, entries);
  return entries;
}

const listed = new WeakMap<Members, readonly (readonly [string, Shape])[]>();

function walk(value: unknown, shape: Shape, path: string, constraints: Constraints): void {
  if (value === undefined || value === null) {
    if (shape.required) constraints.present(value, path);
    return;
  }
  switch (shape.type) {
    case 'string': {
      const text = stringAt(value);
      if (shape.values !== undefined) constraints.oneOf(text, path, shape.values);
      constraints.length(text, path, shape.min ?? 0, shape.max);
      if (shape.pattern !== undefined) constraints.matches(text, path, shape.pattern);
      return;
    }
    case 'integer':
    case 'float': {
      const number = numberAt(value, shape.type === 'integer' ? 'Integer' : 'Float');
      constraints.range(number, path, shape.min ?? Number.MIN_SAFE_INTEGER, shape.max);
      return;
    }
    case 'boolean':
      if (typeof value !== 'boolean') throw undeserializable('Unexpected field type');
      return;
    case 'blob':
      checkBlob(stringAt(value) ?? '', shape, path, constraints);
      return;
    case 'document':
      return;
    case 'list': {
      const list = listAt(value) ?? [];
      constraints.length(list, path, shape.min ?? 0, shape.max);
      const { of } = shape;
      if (of.type === 'string' && list.every((item) => stringAt(item) !== undefined)) {
        checkAll(list as readonly string[], of, constraints.all('Member', path, list));
        return;
      }
      list.forEach((item, index) => {
        // A list has no holes.
        if (item === undefined || item === null)
          constraints.present(item, `${path}.${index + 1}.member`);
        else walk(item, of, `${path}.${index + 1}.member`, constraints);
      });
      return;
    }
    case 'map':
      checkMap(objectAt(value) ?? {}, shape, path, constraints);
      return;
    case 'structure': {
      const structure = objectAt(value) ?? {};
      if (shape.union !== undefined) checkUnion(structure, shape.union, shape.members, path);
      for (const [name, member] of entriesOf(shape.members)) {
        walk(structure[name], member, `${path}.${name}`, constraints);
      }
    }
  }
}

type MapShape = Extract<Shape, { readonly type: 'map' }>;

/** Both maps there are hold what must not be shown. */
function checkMap(
  map: JsonObject,
  { keys, of, min, max }: MapShape,
  path: string,
  to: Constraints,
) {
  const entries = Object.entries(map);
  if (keys !== undefined) checkAll(Object.keys(map), keys, to.all('Map keys', path));
  if (of.type === 'string') {
    const values = entries.flatMap(([, value]) => stringAt(value) ?? []);
    checkAll(values, of, to.all('Map value', path));
  } else for (const [key, item] of entries) walk(item, of, `${path}.${key}.value`, to);
  to.length(entries, path, min ?? 0, max);
}

/** A collection of texts is refused as a whole, with all that is asked of each. */
function checkAll(
  texts: readonly string[],
  { values, min = 0, max = Number.MAX_SAFE_INTEGER, pattern }: TextShape,
  refuse: (rules: readonly string[]) => void,
): void {
  const wanted = pattern === undefined ? undefined : wholeMatch(pattern);
  const fits = (text: string) =>
    (values === undefined || values.includes(text)) &&
    text.length >= min &&
    text.length <= max &&
    (wanted === undefined || wanted.test(text));
  if (texts.every(fits)) return;
  refuse([
    ...(max < Number.MAX_SAFE_INTEGER ? [`have length less than or equal to ${max}`] : []),
    ...(min > 0 ? [`have length greater than or equal to ${min}`] : []),
    ...(pattern === undefined ? [] : [`satisfy regular expression pattern: ${pattern}`]),
    ...(values === undefined ? [] : [`satisfy enum value set: [${values.join(', ')}]`]),
  ]);
}

function checkBlob(text: string, { min, max }: Bounds, path: string, constraints: Constraints) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw undeserializable('Unable to decode a value that is not valid base64.');
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = (text.length * 3) / 4 - padding;
  constraints.size(bytes, path, min ?? 0, max);
}

/** Exactly one member; members no SDK knows do not count. */
function checkUnion(value: object, name: string, members: Members, path: string): void {
  const given = Object.entries(value).filter(
    ([key, member]) => key in members && member !== undefined && member !== null,
  );
  if (given.length === 1) return;
  // Outside of constraints the service counts from 0.
  const at = path.replace(/\.(\d+)\.member/g, (_, count) => `.${Number(count) - 1}`);
  const keys = Object.keys(members).join(', ');
  throw new ProviderError(
    'validation',
    `The ${name} object at ${at} must set one of the following keys: ${keys}.`,
  );
}

/** The member of a union that is set, for readers of a checked body. */
export function memberOf(value: unknown): readonly [name: string, value: unknown] | undefined {
  if (!isObject(value)) return undefined;
  return Object.entries(value).find(([, member]) => member !== undefined && member !== null);
}
