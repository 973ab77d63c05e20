// google.protobuf.Value to and from plain JSON: what `predict` carries over gRPC. Numbers are
// doubles there, so integers come back as they went only below 2^53.

/** Plain JSON; `undefined` fields are left out. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** The object form that protobufjs takes for a Value. */
export function toProtoValue(json: Json): object {
  switch (typeof json) {
    case 'string':
      return { stringValue: json };
    case 'number':
      return { numberValue: json };
    case 'boolean':
      return { boolValue: json };
  }
  if (json === null) return { nullValue: 0 };
  if (isList(json)) return { listValue: { values: json.map(toProtoValue) } };
  const fields: Record<string, object> = {};
  for (const [name, value] of Object.entries(json)) {
    if (value !== undefined) fields[name] = toProtoValue(value);
  }
  return { structValue: { fields } };
}

/** Reads a decoded Value; anything that is none gives null. */
export function fromProtoValue(value: unknown): Json {
  if (!isRecord(value)) return null;
  // Own fields only: a decoded message inherits a default for each that was not sent.
  const { stringValue, numberValue, boolValue, listValue, structValue } = { ...value };
  if (typeof stringValue === 'string') return stringValue;
  if (typeof numberValue === 'number') return numberValue;
  if (typeof boolValue === 'boolean') return boolValue;
  if (isRecord(listValue)) {
    return Array.isArray(listValue.values) ? listValue.values.map(fromProtoValue) : [];
  }
  if (!isRecord(structValue)) return null;
  const fields = isRecord(structValue.fields) ? structValue.fields : {};
  return Object.fromEntries(Object.entries(fields).map(([name, v]) => [name, fromProtoValue(v)]));
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
