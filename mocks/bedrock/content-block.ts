// The ContentBlock union of a Converse message: exactly one of its members, with what that member
// requires. Gives the text of a block, which is what directives and token counts look at.

import { ProviderError } from '../provider.ts';
import { type JsonObject, listAt, objectAt, stringAt } from './constraints.ts';

/** Members and the fields each requires, in the order of the API reference. */
const required = {
  text: [],
  image: ['format', 'source'],
  document: ['name', 'source'],
  video: ['format', 'source'],
  audio: ['format', 'source'],
  toolUse: ['toolUseId', 'name', 'input'],
  toolResult: ['toolUseId', 'content'],
  guardContent: [],
  cachePoint: ['type'],
  reasoningContent: [],
  citationsContent: [],
  searchResult: ['source', 'title', 'content'],
} as const satisfies Record<string, readonly string[]>;

type Member = keyof typeof required;
const members = Object.keys(required) as Member[];

/** `path` counts from 0, as the service's messages about conversations do. */
export function readContent(raw: unknown, path: string): string {
  const block = objectAt(raw) ?? {};
  const given = members.filter((member) => block[member] !== undefined && block[member] !== null);
  const [member] = given;
  if (member === undefined || given.length > 1) {
    const keys = members.join(', ');
    throw refused(
      `The ContentBlock object at ${path} must set one of the following keys: ${keys}.`,
    );
  }
  if (member === 'text') return readText(stringAt(block.text) ?? '', path);
  const value = objectAt(block[member]) ?? {};
  const missing = required[member].find((field) => value[field] === undefined);
  if (missing !== undefined) {
    const at = `${path}.${member}.${missing}`;
    const rule = 'failed to satisfy constraint: Member must not be null';
    throw refused(`1 validation error detected: Value null at '${at}' ${rule}`);
  }
  return member === 'toolResult' ? toolResultText(value) : '';
}

function readText(text: string, path: string): string {
  if (text.trim() !== '') return text;
  const hint = 'Add text to the text field, and try again.';
  throw refused(`The text field in the ContentBlock object at ${path} is blank. ${hint}`);
}

function toolResultText(result: JsonObject): string {
  const parts = listAt(result.content) ?? [];
  return parts.map((part) => stringAt(objectAt(part)?.text) ?? '').join('\n');
}

function refused(message: string): ProviderError {
  return new ProviderError('validation', message);
}
