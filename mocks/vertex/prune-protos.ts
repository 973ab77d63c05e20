// Makes protos.generated.json: the SDK's own descriptors cut down to the methods the fake serves
// and the messages they reach. By hand, after a new SDK release: node mocks/vertex/prune-protos.ts
// It reads descriptor files as data; the SDK itself is never loaded. A test makes it anew and
// compares, so the fake cannot drift from the installed SDK.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

/** The methods kept, by service; one list for both API versions, which need not have them all. */
const keptMethods: Readonly<Record<string, readonly string[]>> = {
  PredictionService: ['GenerateContent', 'StreamGenerateContent', 'Predict', 'CountTokens'],
  LlmUtilityService: ['CountTokens'],
};
const versions = ['v1', 'v1beta1'];
/** What grpc-status-details-bin is made of; packed into Any, so no method refers to them. */
const statusTypes = ['Status', 'ErrorInfo', 'RetryInfo', 'QuotaFailure'];

/** The pruned descriptor as minified JSON, the same for the same installed SDK. */
export function prunedProtos(): string {
  const root = protobuf.Root.fromJSON(readDescriptor('@google-cloud/aiplatform', 'protos.json'));
  const gax = protobuf.Root.fromJSON(readDescriptor('google-gax', 'status.json'));
  for (const name of statusTypes) {
    // The SDK ships the bare Status only; what goes into its details comes from google-gax.
    if (root.lookup(`google.rpc.${name}`)) continue;
    root.define('google.rpc').add(gax.lookupType(`google.rpc.${name}`));
  }
  root.resolveAll();
  const kept = new Set<protobuf.ReflectionObject>();
  const reach = (type: protobuf.ReflectionObject | null): void => {
    if (type === null || kept.has(type)) return;
    kept.add(type);
    if (type instanceof protobuf.Type) {
      for (const field of type.fieldsArray) reach(field.resolve().resolvedType);
    }
  };
  for (const name of statusTypes) reach(root.lookupType(`google.rpc.${name}`));
  for (const version of versions) {
    for (const [name, methods] of Object.entries(keptMethods)) {
      const service = root.lookupService(`google.cloud.aiplatform.${version}.${name}`);
      for (const method of methods.flatMap((kind) => service.methods[kind] ?? [])) {
        kept.add(method.resolve());
        reach(method.resolvedRequestType);
        reach(method.resolvedResponseType);
      }
    }
  }
  return JSON.stringify({ nested: nestedJson(root, kept) ?? {} });
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
  if (object instanceof protobuf.Service) {
    const methods = object.methodsArray.filter((method) => kept.has(method));
    if (methods.length === 0) return undefined;
    return {
      methods: Object.fromEntries(methods.map((method) => [method.name, methodJson(method)])),
    };
  }
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

function methodJson(method: protobuf.Method): Json {
  return {
    requestType: method.requestType,
    responseType: method.responseType,
    ...(method.requestStream && { requestStream: true }),
    ...(method.responseStream && { responseStream: true }),
  };
}

if (import.meta.main) {
  writeFileSync(new URL('protos.generated.json', import.meta.url), prunedProtos());
}
