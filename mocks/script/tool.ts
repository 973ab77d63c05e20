// Tool calls of a fake model: which of the offered tools, with arguments that fit its JSON schema.

import type { Rng } from '../../injectors/determinism.ts';

/** A tool that a request offers, with the JSON schema of its arguments where it gave one. */
export interface OfferedTool {
  readonly name: string;
  readonly schema?: unknown;
}

export interface PlannedCall {
  /** 22 characters; each provider puts its own prefix in front. */
  readonly id: string;
  readonly name: string;
  readonly json: string;
}

const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** What is called where a script wants a call and the request offers no tool. */
const unofferedTool: OfferedTool = { name: 'lookup' };
const deepest = 8;

/** The nth call; `text` gives filler for the strings among the arguments. */
export function planCall(
  tools: readonly OfferedTool[],
  index: number,
  text: () => string,
  rng: Rng,
): PlannedCall {
  const tool = tools[index % Math.max(1, tools.length)] ?? unofferedTool;
  const id = Array.from({ length: 22 }, () => idAlphabet.charAt(rng.integer(0, 61))).join('');
  const args = tool.schema === undefined ? { query: text() } : valueFor(tool.schema, text, rng, 0);
  return { id, name: tool.name, json: JSON.stringify(isRecord(args) ? args : {}) };
}

/** A value that a schema's commonest keywords allow; what it does not understand gives a string. */
function valueFor(schema: unknown, text: () => string, rng: Rng, depth: number): unknown {
  if (!isRecord(schema)) return text();
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return rng.pick(schema.enum);
  if ('const' in schema) return schema.const;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (typeof type === 'string' ? type.toLowerCase() : '') {
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : rng.integer(1, 100);
    case 'boolean':
      return rng.integer(0, 1) === 1;
    case 'null':
      return null;
    case 'array':
      return depth < deepest ? [valueFor(schema.items, text, rng, depth + 1)] : [];
    case 'string':
      return text();
    default: {
      if (!isRecord(schema.properties)) return isObjectType(type) ? {} : text();
      if (depth >= deepest) return {};
      const members = Object.entries(schema.properties);
      return Object.fromEntries(
        members.map(([name, member]) => [name, valueFor(member, text, rng, depth + 1)]),
      );
    }
  }
}

function isObjectType(type: unknown): boolean {
  return typeof type === 'string' && type.toLowerCase() === 'object';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
