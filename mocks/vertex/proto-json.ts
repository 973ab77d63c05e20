// ProtoJSON and messages, by descriptor: operations read and write plain JSON and never know which
// transport carries it. Well-known types have their short forms there; bytes are buffers on the way
// in and may be buffers or base64 on the way out. Source: protobuf.dev, "ProtoJSON format".

import protobuf from 'protobufjs';
import { fromProtoValue, type Json, toProtoValue } from './proto-value.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A decoded message as plain JSON: set fields only, enums by name. */
export function toProtoJson(type: protobuf.Type, message: object): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message)) {
    const field = fieldOf(type, name);
    if (field === undefined || isEmpty(field, value)) continue;
    json[name] = each(field, value, (one) => readValue(field, one));
  }
  return json;
}

/** Plain JSON as the object that `type.fromObject` takes; fields the type lacks are left out. */
export function fromProtoJson(type: protobuf.Type, json: object): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = fieldOf(type, name);
    if (field === undefined || value === undefined) continue;
    object[name] = each(field, value, (one) => writeValue(field, one));
  }
  return object;
}

/** The same JSON with enums as numbers, which clients built on gax ask for. */
export function withNumericEnums(type: protobuf.Type, json: object): Record<string, unknown> {
  const entries = Object.entries(json).map(([name, value]) => {
    const field = fieldOf(type, name);
    if (field === undefined) return [name, value];
    return [name, each(field, value, (one) => numericValue(field, one))];
  });
  return Object.fromEntries(entries);
}

/** A name from outside must not find `constructor`. */
function fieldOf({ fields }: protobuf.Type, name: string): protobuf.Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name]?.resolve() : undefined;
}

/** Lists and maps that were not sent are there all the same. */
function isEmpty(field: protobuf.Field, value: unknown): boolean {
  if (field.repeated) return Array.isArray(value) && value.length === 0;
  return field instanceof protobuf.MapField && Object.keys(value ?? {}).length === 0;
}

function each(field: protobuf.Field, value: unknown, convert: (one: unknown) => unknown): unknown {
  if (field.repeated) return Array.isArray(value) ? value.map(convert) : [];
  if (!(field instanceof protobuf.MapField)) return convert(value);
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, convert(one)]));
}

function readValue({ resolvedType, type }: protobuf.Field, value: unknown): unknown {
  if (resolvedType instanceof protobuf.Enum) {
    return resolvedType.valuesById[Number(value)] ?? value;
  }
  if (resolvedType instanceof protobuf.Type && isRecord(value)) {
    const wellKnown = wellKnownTypes[resolvedType.fullName];
    return wellKnown === undefined ? toProtoJson(resolvedType, value) : wellKnown.read(value);
  }
  // 64-bit integers come as objects that print themselves.
  if (/64$/.test(type)) return String(value);
  return value;
}

function writeValue({ resolvedType }: protobuf.Field, value: unknown): unknown {
  if (!(resolvedType instanceof protobuf.Type)) return value;
  const wellKnown = wellKnownTypes[resolvedType.fullName];
  if (wellKnown !== undefined) return wellKnown.write(value);
  return isRecord(value) ? fromProtoJson(resolvedType, value) : {};
}

function numericValue({ resolvedType }: protobuf.Field, value: unknown): unknown {
  if (resolvedType instanceof protobuf.Enum) return resolvedType.values[String(value)] ?? value;
  if (!(resolvedType instanceof protobuf.Type) || !isRecord(value)) return value;
  if (Object.hasOwn(wellKnownTypes, resolvedType.fullName)) return value;
  return withNumericEnums(resolvedType, value);
}

interface WellKnown {
  read(message: Fields): unknown;
  write(json: unknown): unknown;
}

const wellKnownTypes: Readonly<Record<string, WellKnown>> = {
  '.google.protobuf.Value': {
    read: fromProtoValue,
    write: (json) => toProtoValue(json as Json),
  },
  '.google.protobuf.Struct': {
    read: (message) => fromProtoValue({ structValue: message }),
    write: (json) => structOf(toProtoValue((json ?? {}) as Json)),
  },
  '.google.protobuf.Timestamp': {
    read: ({ seconds, nanos }) => {
      const whole = new Date(Number(seconds ?? 0) * 1000).toISOString().slice(0, 19);
      return `${whole}${fractionOf(Number(nanos ?? 0))}Z`;
    },
    write: (json) => {
      const text = String(json);
      const [, fraction = ''] = /\.(\d+)/.exec(text) ?? [];
      const seconds = Math.floor(Date.parse(text) / 1000);
      return { seconds, nanos: Number(fraction.padEnd(9, '0').slice(0, 9)) };
    },
  },
  '.google.protobuf.Duration': {
    read: ({ seconds, nanos }) => `${Number(seconds ?? 0)}${fractionOf(Number(nanos ?? 0))}s`,
    write: (json) => {
      const [seconds = '0', fraction = ''] = String(json).replace(/s$/, '').split('.');
      return { seconds: Number(seconds), nanos: Number(fraction.padEnd(9, '0').slice(0, 9)) };
    },
  },
  '.google.protobuf.FieldMask': {
    read: ({ paths }) => (Array.isArray(paths) ? paths.join(',') : ''),
    write: (json) => ({ paths: String(json).split(',').filter(Boolean) }),
  },
  // protobufjs packs and unpacks an Any by its `@type` itself.
  '.google.protobuf.Any': { read: (message) => message, write: (json) => json },
};

function structOf(value: object): unknown {
  return (value as { structValue?: unknown }).structValue ?? { fields: {} };
}

function fractionOf(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
