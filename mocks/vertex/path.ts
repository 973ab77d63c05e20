// Addresses of the Vertex API: the parts of a REST path, and the resource names that say which
// model is meant. Rules: google.api.http annotations of the service's protos.

import type { ApiVersion } from './protos.ts';

export interface VerbPath {
  readonly version: ApiVersion;
  /** Still encoded. */
  readonly resource: string;
  readonly verb: string;
}

/** Splits at the last colon before anything is decoded: a model id may hold an encoded one. */
export function splitVerb(path: string): VerbPath | undefined {
  const match = /^\/(v1|v1beta1)\/(.+):([A-Za-z]+)$/.exec(path);
  const [, version, resource, verb] = match ?? [];
  if (resource === undefined || verb === undefined) return undefined;
  return { version: version as ApiVersion, resource, verb };
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

export function isResourceName(name: string): boolean {
  return parseResource(name) !== undefined;
}

/** `projects/p/locations/l`, or undefined where a short name leaves it out. */
export function scopeOf(name: string): string | undefined {
  return /^projects\/[^/]+\/locations\/[^/]+/.exec(name)?.[0];
}

export function decodeSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
