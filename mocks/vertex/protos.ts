// The wire types of the fake, from descriptors generated out of the SDK (prune-protos.ts). Built
// on first use: a server that is asked for JSON only never pays for them.

import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { grpcPrefixBytes } from '../codec/grpc.ts';
import { ProviderError } from '../provider.ts';
import { toProtoJson } from './proto-json.ts';

export type ApiVersion = 'v1' | 'v1beta1';

let root: protobuf.Root | undefined;

function protoRoot(): protobuf.Root {
  root ??= protobuf.Root.fromJSON(readDescriptor()).resolveAll() as protobuf.Root;
  return root;
}

function readDescriptor(): protobuf.INamespace {
  return JSON.parse(readFileSync(new URL('protos.generated.json', import.meta.url), 'utf8'));
}

/** By full name. */
export function messageType(fullName: string): protobuf.Type {
  return protoRoot().lookupType(fullName);
}

export function vertexType(version: ApiVersion, name: string): protobuf.Type {
  return messageType(`google.cloud.aiplatform.${version}.${name}`);
}

export function rpcType(name: string): protobuf.Type {
  return messageType(`google.rpc.${name}`);
}

/** A request message as plain JSON with camelCase names. */
export function decodeRequest(fullName: string, body: Buffer): Record<string, unknown> {
  const type = messageType(fullName);
  try {
    return toProtoJson(type, type.decode(body));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new ProviderError('INTERNAL', `Cannot parse the request as ${type.name}: ${problem}`);
  }
}

/** Encodes with room for gRPC's prefix in front, so that framing copies nothing. */
export function encodeWithPrefix(type: protobuf.Type, message: protobuf.Message): Buffer {
  const writer = type.encode(message);
  const bytes = Buffer.allocUnsafe(grpcPrefixBytes + writer.pos);
  writer.finishInto(bytes, grpcPrefixBytes);
  return bytes;
}
