// The wire types of the fake, from descriptors generated out of the SDK (prune-protos.ts). Built
// on first use: a server that is asked for JSON only never pays for them.

import protobuf from 'protobufjs';
import { grpcPrefixBytes } from '../codec/grpc.ts';
import { ProviderError } from '../provider.ts';
import descriptor from './protos.generated.json' with { type: 'json' };

export type ApiVersion = 'v1' | 'v1beta1';

let root: protobuf.Root | undefined;

function protoRoot(): protobuf.Root {
  root ??= protobuf.Root.fromJSON(descriptor as protobuf.INamespace).resolveAll() as protobuf.Root;
  return root;
}

export function vertexType(version: ApiVersion, name: string): protobuf.Type {
  return protoRoot().lookupType(`google.cloud.aiplatform.${version}.${name}`);
}

export function rpcType(name: string): protobuf.Type {
  return protoRoot().lookupType(`google.rpc.${name}`);
}

export function vertexEnum(version: ApiVersion, name: string): Readonly<Record<string, number>> {
  return protoRoot().lookupEnum(`google.cloud.aiplatform.${version}.${name}`).values;
}

/** A request message as a plain object with the field names of JSON. */
export function decodeRequest(version: ApiVersion, name: string, body: Buffer): unknown {
  const type = vertexType(version, name);
  try {
    return type.toObject(type.decode(body), { enums: String, longs: Number, bytes: String });
  } catch (error) {
    throw new ProviderError('INTERNAL', `Cannot parse the request as ${name}: ${String(error)}`);
  }
}

/** Encodes with room for gRPC's prefix in front, so that framing copies nothing. */
export function encodeWithPrefix(type: protobuf.Type, message: protobuf.Message): Buffer {
  const writer = type.encode(message);
  const bytes = Buffer.allocUnsafe(grpcPrefixBytes + writer.pos);
  writer.finishInto(bytes, grpcPrefixBytes);
  return bytes;
}
