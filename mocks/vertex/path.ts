// Addresses of the Vertex API: REST paths and gRPC method paths to an operation, and the resource
// names that say which model is meant. Rules: google.api.http annotations of the service's protos.

import type { ApiVersion } from './protos.ts';

export interface RestPath {
  readonly version: ApiVersion;
  /** Decoded: `projects/p/locations/l/publishers/google/models/m` and its shorter forms. */
  readonly resource: string;
  readonly verb: string;
}

/** Splits at the last colon before decoding, since a model id may hold an encoded one. */
export function parseRestPath(rawPath: string): RestPath | undefined {
  const [path = ''] = rawPath.split('?');
  const match = /^\/+(v1|v1beta1)\/+(.+):([A-Za-z]+)$/.exec(path);
  const [, version, encoded, verb] = match ?? [];
  if (encoded === undefined || verb === undefined) return undefined;
  const resource = decode(encoded.replace(/\/{2,}/g, '/'));
  if (resource === undefined || parseResource(resource) === undefined) return undefined;
  return { version: version as ApiVersion, resource, verb };
}

export interface GrpcPath {
  readonly version: ApiVersion;
  readonly service: string;
  readonly method: string;
}

export function parseGrpcPath(rawPath: string): GrpcPath | undefined {
  const match = /^\/google\.cloud\.aiplatform\.(v1|v1beta1)\.(\w+)\/(\w+)$/.exec(rawPath);
  const [, version, service, method] = match ?? [];
  if (service === undefined || method === undefined) return undefined;
  return { version: version as ApiVersion, service, method };
}

export type Resource =
  | { readonly kind: 'model'; readonly publisher: string; readonly id: string }
  | { readonly kind: 'endpoint'; readonly id: string };

/** Projects and locations may be absent: API keys and shared endpoints need none. */
const scope = /^projects\/[^/]+\/locations\/[^/]+\//;
const thing = /^(?:publishers\/([^/]+)\/models\/([^/]+)|endpoints\/([^/]+))$/;

export function parseResource(name: string): Resource | undefined {
  const [, publisher, model, endpoint] = thing.exec(name.replace(scope, '')) ?? [];
  if (endpoint !== undefined) return { kind: 'endpoint', id: endpoint };
  if (publisher === undefined || model === undefined) return undefined;
  return { kind: 'model', publisher, id: model };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
