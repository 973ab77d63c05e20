// A request as operations read it: plain JSON fields and a resource name, whether it came as JSON
// with its resource in the path or as a protobuf message with its resource in a field.

import type { ApiRequest } from '../provider.ts';
import { splitModel } from '../script/model-suffix.ts';
import { type Fields, fieldsOf, parseBody } from './json.ts';
import type { FoundMethod, Method } from './methods.ts';
import { decodeRequest } from './protos.ts';

export interface Invocation {
  readonly method: Method;
  readonly request: ApiRequest;
  /** Full name of what the call is about, empty when a gRPC request left it out. */
  readonly resource: string;
  /** What stood behind the model's name. */
  readonly modelWords?: string | undefined;
  readonly fields: Fields;
}

/** `opening` is the message that opened a bidirectional call; later ones may rely on it. */
export function invocationOf(
  request: ApiRequest,
  found: FoundMethod,
  opening?: Buffer,
): Invocation {
  const { method } = found;
  if (request.transport !== 'grpc') {
    const { resource, modelWords } = found;
    return { method, request, resource, modelWords, fields: restFields(request, found.body) };
  }
  const fields = messageFields(method, request.body);
  const own = nested(fields, method.resourceField);
  const isLeftOut = own === '' && opening !== undefined;
  const named = isLeftOut ? nested(messageFields(method, opening), method.resourceField) : own;
  const { model: resource, words: modelWords } = splitModel(named);
  return { method, request, resource, modelWords, fields };
}

/** Bodies are parsed when first asked for: raw methods take what is no JSON at all. */
function restFields(request: ApiRequest, bodyField: string): Fields {
  let parsed: Fields | undefined;
  return (name) => {
    const query = request.query.get(name);
    if (query !== null) return query;
    parsed ??= bodyField === '' ? () => undefined : parseBody(request);
    if (bodyField === '*' || bodyField === '') return parsed(name);
    return camelCase(bodyField) === name ? parsed : undefined;
  };
}

function messageFields(method: Method, body: Buffer): Fields {
  return fieldsOf(decodeRequest(method.types?.request ?? '', body)) ?? (() => undefined);
}

/** The text in a field such as `cached_content.name`. */
function nested(fields: Fields, path: string): string {
  let value: unknown = fields;
  for (const name of path.split('.')) {
    const inner = typeof value === 'function' ? (value as Fields) : fieldsOf(value);
    value = inner?.(camelCase(name));
  }
  return typeof value === 'string' ? value : '';
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Streams answer as SSE when asked to, else as one JSON array. */
export function isSse({ query }: ApiRequest): boolean {
  return query.get('alt') === 'sse' || query.get('$alt') === 'sse';
}
