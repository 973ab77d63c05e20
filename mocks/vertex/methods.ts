// Which method a request calls: gRPC by its name, REST by path templates or, for verbs behind a
// colon, by the verb alone with any form of resource name, as the service takes them.
// Methods come from the SDK's descriptors (methods.generated.json) and from rest-methods.ts.

import type { ApiRequest } from '../provider.ts';
import { splitModel } from '../script/model-suffix.ts';
import generated from './methods.generated.json' with { type: 'json' };
import { decodeSegment, isResourceName, splitVerb } from './path.ts';
import type { ApiVersion } from './protos.ts';
import type { MethodRow } from './prune-methods.ts';
import { restMethods } from './rest-methods.ts';

export interface Method {
  /** `PredictionService/Predict`: the same for both API versions. */
  readonly key: string;
  /** `Predict`. */
  readonly name: string;
  readonly version: ApiVersion;
  /** Full message names; absent for what exists over REST only. */
  readonly types?: { readonly request: string; readonly response: string };
  readonly isClientStream: boolean;
  readonly isServerStream: boolean;
  /** Field that the resource name is in, for instance `endpoint`. */
  readonly resourceField: string;
}

export interface FoundMethod {
  readonly method: Method;
  /** From the path; empty over gRPC, where it is in the message. */
  readonly resource: string;
  /** What stood behind the model's name in the path. */
  readonly modelWords?: string | undefined;
  /** What the REST body is: `*` the whole message, a name one field, empty nothing. */
  readonly body: string;
}

interface Template {
  readonly verb: string;
  readonly pattern: RegExp;
  readonly method: Method;
  readonly body: string;
}

const grpcMethods = new Map<string, Method>();
/** `POST v1 predict` to its method. */
const verbMethods = new Map<string, { readonly method: Method; readonly body: string }>();
const templates: Template[] = [];

for (const [fullName, row] of Object.entries(generated as unknown as Record<string, MethodRow>)) {
  register(fullName, row);
}
for (const [fullName, row] of Object.entries(restMethods)) register(fullName, row);

export const grpcServices: readonly string[] = [
  ...new Set([...grpcMethods.keys()].map((path) => path.split('/')[1] ?? '')),
];

export function findMethod(request: ApiRequest): FoundMethod | undefined {
  if (request.transport !== 'grpc') return findRest(request);
  const method = grpcMethods.get(request.rawPath);
  return method && { method, resource: '', body: '*' };
}

function findRest({ method: verb, rawPath }: ApiRequest): FoundMethod | undefined {
  // Google's generated clients for Python ask for operations and locations under /ui.
  const path = rawPath.replace(/\/{2,}/g, '/').replace(/^\/ui\//, '/v1/');
  const split = splitVerb(path);
  if (split !== undefined) {
    const found = verbMethods.get(`${verb} ${split.version} ${split.verb}`);
    const { model, words: modelWords } = splitModel(split.resource);
    const resource = decodeSegment(model);
    if (found !== undefined && resource !== undefined && isResourceName(resource)) {
      return { ...found, resource, modelWords };
    }
  }
  for (const { pattern, method, body, ...template } of templates) {
    const resource = template.verb === verb ? pattern.exec(path)?.groups?.resource : undefined;
    const decoded = resource === undefined ? undefined : decodeSegment(resource);
    if (decoded !== undefined) return { method, resource: decoded, body };
  }
  return undefined;
}

function register(fullName: string, row: MethodRow): void {
  const [service = '', name = ''] = fullName.split('/');
  const key = `${service.split('.').at(-1)}/${name}`;
  const ownVersion = /\.(v1|v1beta1)\./.exec(fullName)?.[1] as ApiVersion | undefined;
  const methodOf = (version: ApiVersion, template = ''): Method => ({
    key,
    name,
    version,
    ...(row.request !== '' && { types: { request: row.request, response: row.response } }),
    isClientStream: row.clientStream === true,
    isServerStream: row.serverStream === true,
    resourceField: /\{([\w.]+)=/.exec(template)?.[1] ?? 'endpoint',
  });
  if (row.request !== '') {
    grpcMethods.set(`/${fullName}`, methodOf(ownVersion ?? 'v1', row.http[0]?.[1]));
  }
  for (const [verb, template, body] of row.http) {
    const version = template.startsWith('/v1beta1/') ? 'v1beta1' : 'v1';
    const method = methodOf(version, template);
    const colon = /\}:([A-Za-z]+)$/.exec(template)?.[1];
    if (colon !== undefined) verbMethods.set(`${verb} ${version} ${colon}`, { method, body });
    templates.push({ verb, pattern: patternOf(template), method, body });
  }
}

/** `/v1/{name=projects/*}/locations` as an expression; projects and locations may be absent. */
function patternOf(template: string): RegExp {
  const source = template
    .replace(/[.:]/g, '\\$&')
    .replace(/\{[\w\\.]+=([^}]+)\}/, '(?<resource>$1)')
    .replace(/\*\*/g, '.+')
    .replace(/\*/g, '[^/]+')
    .replace(/projects\/\[\^\/\]\+\/locations\/\[\^\/\]\+\//, '(?:$&)?');
  return new RegExp(`^${source}$`);
}
