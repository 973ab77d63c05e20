// Reads request bodies as Go's encoding/json does for Toxiproxy: the content type does not matter,
// null leaves a field as it was, unknown fields are ignored, a wrong type is told in Go's words.

import type { Direction, RegisteredToxic, ToxicSpec } from '../../injectors/tcp/toxic.ts';
import { directions } from '../../injectors/tcp/toxic.ts';
import { findToxic } from '../../injectors/tcp/toxics.ts';
import { ApiError } from './api-error.ts';

export interface ProxyFields {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** `body` is text as it came. */
export function parseBody(body: unknown): unknown {
  if (typeof body !== 'string' || body === '') throw new ApiError('bad request body', 'EOF');
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ApiError('bad request body', error instanceof Error ? error.message : String(error));
  }
}

/** What is absent stays as `previous` has it. */
export function readProxy(body: unknown, previous: ProxyFields): ProxyFields {
  const fields = objectOf(body, 'toxiproxy.Proxy');
  const field = <K extends keyof ProxyFields>(name: K): ProxyFields[K] =>
    typed(fields[name], previous[name], `Proxy.${name}`);
  return {
    name: field('name'),
    listen: field('listen'),
    upstream: field('upstream'),
    enabled: field('enabled'),
  };
}

export function readProxies(body: unknown): readonly ProxyFields[] {
  if (body === null) return [];
  if (!Array.isArray(body)) throw wrongType(body, 'value', '[]struct { toxiproxy.Proxy }');
  const blank = { name: '', listen: '', upstream: '', enabled: true };
  const proxies = body.map((entry) => readProxy(entry, blank));
  for (const [index, { name, upstream }] of proxies.entries()) {
    const missing = name === '' ? 'name' : 'upstream';
    if (name !== '' && upstream !== '') continue;
    throw new ApiError('missing required field', `${missing} at proxy ${index + 1}`);
  }
  return proxies;
}

export function readToxic(body: unknown): ToxicSpec {
  const fields = objectOf(body, 'toxics.ToxicWrapper');
  const field = <T extends string | number>(name: string, fallback: T): T =>
    typed(fields[name], fallback, `ToxicWrapper.${name}`);
  const type = field('type', '');
  const given = field('stream', 'downstream');
  const stream = directions.find((direction) => direction === given.toLowerCase());
  if (stream === undefined) {
    throw new ApiError('stream was invalid, can be either upstream or downstream');
  }
  const toxic = findToxic(type);
  if (toxic === undefined) throw new ApiError('invalid toxic type');
  return {
    name: field('name', '') || defaultName(type, stream),
    type,
    stream,
    toxicity: field('toxicity', 1),
    attributes: readAttributes(toxic, fields.attributes, {}),
  };
}

/** Only attributes and toxicity of a toxic can be changed. */
export function readToxicChange(body: unknown, previous: ToxicSpec): ToxicSpec {
  const fields = objectOf(body, 'struct { Attributes, Toxicity }');
  const toxic = findToxic(previous.type);
  if (toxic === undefined) throw new ApiError('invalid toxic type');
  return {
    ...previous,
    toxicity: typed(fields.toxicity, previous.toxicity, '.toxicity'),
    attributes: readAttributes(toxic, fields.attributes, previous.attributes),
  };
}

const defaultName = (type: string, stream: Direction): string => `${type}_${stream}`;

function readAttributes(
  toxic: RegisteredToxic,
  given: unknown,
  previous: ToxicSpec['attributes'],
): ToxicSpec['attributes'] {
  const fields = objectOf(given ?? {}, `toxics.${toxic.type}`, '.attributes');
  const read = Object.entries(toxic.attributes).map(([name, option]): [string, number] => {
    const where = `.attributes.${name}`;
    const value = typed(fields[name], previous[name] ?? 0, where);
    if (!Number.isInteger(value)) throw wrongType(value, where, 'int64');
    try {
      return [name, option.parse(value)];
    } catch {
      throw new ApiError('bad request body', `attributes.${name} must be ${option.accepts}`);
    }
  });
  return Object.fromEntries(read);
}

function objectOf(value: unknown, type: string, where = 'value'): Fields {
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  throw wrongType(value, where, type);
}

/** A name has to fit into a path. */
const maxTextLength = 1000;

const goTypes = { string: 'string', number: 'int64', boolean: 'bool' } as const;

function typed<T extends string | number | boolean>(value: unknown, fallback: T, where: string): T {
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'string' && value.length > maxTextLength) {
    throw new ApiError('bad request body', `${where} is longer than ${maxTextLength} characters`);
  }
  if (typeof value === typeof fallback) {
    // Go decodes half of a surrogate pair as U+FFFD; no URL could hold it.
    return (typeof value === 'string' ? value.toWellFormed() : value) as T;
  }
  const kind = typeof fallback as keyof typeof goTypes;
  throw wrongType(value, where, where.endsWith('toxicity') ? 'float32' : goTypes[kind]);
}

function wrongType(value: unknown, where: string, type: string): ApiError {
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const what = kind === 'boolean' ? 'bool' : kind;
  const shown = kind === 'number' ? `number ${value}` : what;
  const field = where === 'value' ? 'Go value' : `Go struct field ${where}`;
  return new ApiError(
    'bad request body',
    `json: cannot unmarshal ${shown} into ${field} of type ${type}`,
  );
}
