// The part of prune-protos.ts about methods: types, streams, and the paths that google.api.http
// gives each over REST.

import type protobuf from 'protobufjs';

/** HTTP method, path template, and the field that the body is (`*` for the whole message). */
export type HttpBinding = readonly [verb: string, template: string, body: string];

export interface MethodRow {
  readonly request: string;
  readonly response: string;
  readonly clientStream?: true;
  readonly serverStream?: true;
  readonly http: readonly HttpBinding[];
}

/** A row under the method's full name, `package.Service/Method`. */
export function methodRow(method: protobuf.Method): Record<string, MethodRow> {
  const name = `${method.parent?.fullName.slice(1)}/${method.name}`;
  const row: MethodRow = {
    request: method.resolvedRequestType?.fullName.slice(1) ?? '',
    response: method.resolvedResponseType?.fullName.slice(1) ?? '',
    ...(method.requestStream && { clientStream: true }),
    ...(method.responseStream && { serverStream: true }),
    http: mixins[name] ?? bindingsOf(method),
  };
  return { [name]: row };
}

const bothVersions = (verb: string, rest: string): HttpBinding[] =>
  ['v1', 'v1beta1'].map((version) => [verb, `/${version}/${rest}`, verb === 'POST' ? '*' : '']);

/**
 * Services that every API of Google mixes in. Their protos name no path of Vertex AI; these are
 * from the service configuration (aiplatform_v1.yaml, `http.rules`).
 */
const mixins: Readonly<Record<string, readonly HttpBinding[]>> = {
  'google.longrunning.Operations/ListOperations': [
    ...bothVersions('GET', '{name=projects/*/locations/*}/operations'),
    ...bothVersions('GET', '{name=projects/*/locations/*/endpoints/*}/operations'),
    ...bothVersions('GET', '{name=projects/*/locations/*/publishers/*/models/*}/operations'),
  ],
  ...Object.fromEntries(
    [
      ['GetOperation', 'GET', ''],
      ['DeleteOperation', 'DELETE', ''],
      ['CancelOperation', 'POST', ':cancel'],
      ['WaitOperation', 'POST', ':wait'],
    ].map(([method, verb = '', suffix]) => [
      `google.longrunning.Operations/${method}`,
      [
        ...bothVersions(verb, `{name=projects/*/locations/*/operations/*}${suffix}`),
        ...bothVersions(verb, `{name=projects/*/locations/*/endpoints/*/operations/*}${suffix}`),
        ...bothVersions(
          verb,
          `{name=projects/*/locations/*/publishers/*/models/*/operations/*}${suffix}`,
        ),
      ],
    ]),
  ),
  'google.cloud.location.Locations/ListLocations': bothVersions(
    'GET',
    '{name=projects/*}/locations',
  ),
  'google.cloud.location.Locations/GetLocation': bothVersions(
    'GET',
    '{name=projects/*/locations/*}',
  ),
  ...Object.fromEntries(
    ['SetIamPolicy', 'GetIamPolicy', 'TestIamPermissions'].map((method) => {
      const verb = `${method.charAt(0).toLowerCase()}${method.slice(1)}`;
      return [`google.iam.v1.IAMPolicy/${method}`, bothVersions('POST', `{resource=**}:${verb}`)];
    }),
  ),
};

interface HttpRule {
  readonly body?: string;
  readonly additional_bindings?: HttpRule | readonly HttpRule[];
}

const verbs = ['get', 'put', 'post', 'delete', 'patch'] as const;

function bindingsOf(method: protobuf.Method): HttpBinding[] {
  const options = method.parsedOptions as unknown as Record<string, HttpRule>[] | undefined;
  const rules = (options ?? []).flatMap((option) => option['(google.api.http)'] ?? []);
  return rules.flatMap((rule) => [rule, ...[rule.additional_bindings ?? []].flat()]).map(bindingOf);
}

function bindingOf(rule: HttpRule): HttpBinding {
  const paths = rule as Readonly<Record<string, unknown>>;
  const verb = verbs.find((name) => typeof paths[name] === 'string') ?? 'post';
  return [verb.toUpperCase(), String(paths[verb]), rule.body ?? ''];
}
