// Makes protos.generated.json and methods.generated.json: the SDK's own descriptors cut down to the
// services the fake has and the messages they reach, and a table of their methods with HTTP paths.
// By hand, after a new SDK release: node mocks/vertex/prune-protos.ts
// It reads descriptor files as data; the SDK itself is never loaded. A test makes both anew and
// compares, so the fake cannot drift from the installed SDK.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';
import { type MethodRow, methodRow } from './prune-methods.ts';

const ownServices = ['PredictionService', 'LlmUtilityService', 'GenAiCacheService'];
/** Services kept, by package; of some only the methods that are named. */
const keptServices: Readonly<Record<string, readonly string[]>> = {
  'google.cloud.aiplatform.v1': [...ownServices, 'ModelGardenService/GetPublisherModel'],
  'google.cloud.aiplatform.v1beta1': [
    ...ownServices,
    'ModelGardenService/GetPublisherModel',
    'ModelGardenService/ListPublisherModels',
  ],
  'google.longrunning': ['Operations'],
  'google.cloud.location': ['Locations'],
  'google.iam.v1': ['IAMPolicy'],
};
/** Files of google-gax with what every API mixes in, and the packages taken from each. */
const mixedIn = {
  'locations.json': ['google.cloud.location'],
  'iam_service.json': ['google.iam.v1', 'google.type'],
} as const;
/** What grpc-status-details-bin is made of; packed into Any, so no method refers to them. */
const statusTypes = ['Status', 'ErrorInfo', 'RetryInfo', 'QuotaFailure'];

export interface Pruned {
  /** The pruned descriptor as minified JSON, the same for the same installed SDK. */
  readonly protos: string;
  readonly methods: string;
}

export function prunedProtos(): Pruned {
  const root = completeRoot();
  const kept = new Set<protobuf.ReflectionObject>();
  const reach = (type: protobuf.ReflectionObject | null): void => {
    if (type === null || kept.has(type)) return;
    kept.add(type);
    if (type instanceof protobuf.Type) {
      for (const field of type.fieldsArray) reach(field.resolve().resolvedType);
    }
  };
  for (const name of statusTypes) reach(root.lookupType(`google.rpc.${name}`));
  const methods: Record<string, MethodRow> = {};
  for (const [space, names] of Object.entries(keptServices)) {
    for (const [service = '', only] of names.map((name) => name.split('/'))) {
      const all = root.lookupService(`${space}.${service}`).methodsArray;
      for (const method of all.filter(({ name }) => only === undefined || name === only)) {
        method.resolve();
        reach(method.resolvedRequestType);
        reach(method.resolvedResponseType);
        Object.assign(methods, methodRow(method));
      }
    }
  }
  return {
    protos: JSON.stringify({ nested: nestedJson(root, kept) ?? {} }),
    methods: `${JSON.stringify(methods, null, 1)}\n`,
  };
}

/** The SDK ships the bare Status only, no Locations and no IAMPolicy; google-gax has the rest. */
function completeRoot(): protobuf.Root {
  const root = protobuf.Root.fromJSON(readDescriptor('@google-cloud/aiplatform', 'protos.json'));
  const status = protobuf.Root.fromJSON(readDescriptor('google-gax', 'status.json'));
  for (const name of statusTypes) {
    if (root.lookup(`google.rpc.${name}`)) continue;
    root.define('google.rpc').add(status.lookupType(`google.rpc.${name}`));
  }
  for (const [file, packages] of Object.entries(mixedIn)) {
    const mixin = protobuf.Root.fromJSON(readDescriptor('google-gax', file));
    for (const name of packages) {
      const space = mixin.lookup(name) as protobuf.Namespace;
      for (const object of [...space.nestedArray]) root.define(name).add(object);
    }
  }
  return root.resolveAll() as protobuf.Root;
}

type Json = Readonly<Record<string, unknown>>;

function readDescriptor(packageName: string, file: string): protobuf.INamespace {
  const require = createRequire(import.meta.url);
  let folder = dirname(require.resolve(packageName));
  while (!folder.endsWith(packageName)) folder = dirname(folder);
  return JSON.parse(readFileSync(join(folder, 'build/protos', file), 'utf8'));
}

function nestedJson(
  parent: protobuf.NamespaceBase,
  kept: ReadonlySet<protobuf.ReflectionObject>,
): Json | undefined {
  const entries = parent.nestedArray.flatMap((child) => {
    const json = objectJson(child, kept);
    return json === undefined ? [] : [[child.name, json] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function objectJson(
  object: protobuf.ReflectionObject,
  kept: ReadonlySet<protobuf.ReflectionObject>,
): Json | undefined {
  if (object instanceof protobuf.Enum)
    return kept.has(object) ? { values: object.values } : undefined;
  // Services are in the table of methods.
  if (object instanceof protobuf.Service) return undefined;
  if (!(object instanceof protobuf.Namespace)) return undefined;
  const nested = nestedJson(object, kept);
  if (!(object instanceof protobuf.Type)) return nested && { nested };
  if (!kept.has(object)) return nested && { fields: {}, nested };
  const fields = object.fieldsArray.map((field) => [field.name, fieldJson(field)]);
  const oneofs = object.oneofsArray.map(({ name, oneof }) => [name, { oneof }]);
  return {
    ...(oneofs.length > 0 && { oneofs: Object.fromEntries(oneofs) }),
    fields: Object.fromEntries(fields),
    ...(nested && { nested }),
  };
}

/** Documentation options are dropped; presence is not, it decides what is encoded. */
function fieldJson(field: protobuf.Field): Json {
  const isOptional = field.options?.proto3_optional === true;
  return {
    ...(field.repeated && { rule: 'repeated' }),
    ...(field instanceof protobuf.MapField && { keyType: field.keyType }),
    type: field.type,
    id: field.id,
    ...(isOptional && { options: { proto3_optional: true } }),
  };
}

if (import.meta.main) {
  const { protos, methods } = prunedProtos();
  writeFileSync(new URL('protos.generated.json', import.meta.url), protos);
  writeFileSync(new URL('methods.generated.json', import.meta.url), methods);
}
