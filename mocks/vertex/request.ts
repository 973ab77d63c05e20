// The part of reading that all operations share: the same request comes as JSON with its resource
// in the path, or as a protobuf message with its resource in a field.

import type { ApiRequest } from '../provider.ts';
import { type Fields, fieldsOf, parseBody } from './json.ts';
import { type ApiVersion, decodeRequest } from './protos.ts';

export interface VertexRequest {
  readonly version: ApiVersion;
  /** Full name of the model or endpoint, empty when a gRPC request left it out. */
  readonly resource: string;
  readonly fields: Fields;
}

export type PathParams = Readonly<Record<string, string>>;

export function readRequest(
  request: ApiRequest,
  params: PathParams,
  message: { readonly type: string; readonly resourceField: string },
): VertexRequest {
  const version = params.version === 'v1' ? 'v1' : 'v1beta1';
  if (request.transport !== 'grpc') {
    return { version, resource: params.resource ?? '', fields: parseBody(request) };
  }
  const fields = fieldsOf(decodeRequest(version, message.type, request.body)) ?? (() => undefined);
  return { version, resource: String(fields(message.resourceField) ?? ''), fields };
}

/** Streams answer as SSE when asked to, else as one JSON array. */
export function isSse({ query }: ApiRequest): boolean {
  return query.get('alt') === 'sse' || query.get('$alt') === 'sse';
}
