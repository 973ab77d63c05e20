// How Google's front end writes and reads JSON: two-space pretty objects in bodies and arrays, one
// line with a space after colons in SSE, enums as names unless numbers were asked for, and request
// fields in camelCase or snake_case alike (the ProtoJSON rules).

import { type ApiRequest, type EncodedFrame, ProviderError } from '../provider.ts';

export function prettyJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** A whole pretty body; every one ends in a line feed. */
export function bodyFrame(value: unknown): EncodedFrame {
  const bytes = Buffer.from(`${prettyJson(value)}\n`);
  return { bytes, label: 'body', regions: { payload: [0, bytes.length] } };
}

/** Line breaks inside strings are escaped, so every real one is layout and can go. */
export function oneLineJson(value: unknown): string {
  return JSON.stringify(value, undefined, 1).replace(/\n */g, '');
}

/** Clients built on gax ask for numbers with `$alt=json;enum-encoding=int`. */
export function wantsNumericEnums({ query }: ApiRequest): boolean {
  return [query.get('$alt'), query.get('alt')].includes('json;enum-encoding=int');
}

export function parseBody({ body }: ApiRequest): Fields {
  let parsed: unknown;
  try {
    parsed = body.length === 0 ? {} : JSON.parse(body.toString());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProviderError('INVALID_ARGUMENT', `Invalid JSON payload received. ${reason}`);
  }
  const fields = fieldsOf(parsed);
  if (fields === undefined) {
    const problem = 'Root element must be a message.';
    throw new ProviderError('INVALID_ARGUMENT', `Invalid JSON payload received. ${problem}`);
  }
  if (isDeeper(parsed, maxDepth)) {
    const problem = 'Message too deep. Max recursion depth reached.';
    throw new ProviderError('INVALID_ARGUMENT', `Invalid JSON payload received. ${problem}`);
  }
  return fields;
}

/** As deep as protobuf reads JSON (json_stream_parser.cc). */
const maxDepth = 100;

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}

/** A field that should be text: a number or an enum's number is one too, an object never. */
export function textOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** A JSON object whose fields are asked for by their camelCase name. */
export type Fields = (name: string) => unknown;

export function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const record = value as Readonly<Record<string, unknown>>;
  return (name) => record[name] ?? record[name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)];
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
