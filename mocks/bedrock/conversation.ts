// The rules of a conversation that only a look at all its messages shows: who speaks when, which
// tool results answer which calls, how many images and documents there are.

import { ProviderError } from '../provider.ts';
import { isObject, type JsonObject } from './constraints.ts';

export interface Message {
  readonly role: string;
  readonly content: readonly JsonObject[];
}

/** Most images and documents in one request, and the bytes of each. */
const limits = {
  image: { count: 20, bytes: 3_750_000 },
  document: { count: 5, bytes: 4_500_000 },
} as const;

/** Throws the service's words for the first rule that the conversation breaks. */
export function checkConversation(messages: readonly Message[], hasTools: boolean): void {
  if (messages[0]?.role !== 'user') {
    const hint = 'Try again with a conversation that starts with a user message.';
    throw refused(`A conversation must start with a user message. ${hint}`);
  }
  messages.forEach(({ role, content }, index) => {
    const path = `messages.${index}`;
    checkContent(content, path);
    checkMedia(role, content, path);
    if (!hasTools && content.some((block) => 'toolUse' in block || 'toolResult' in block)) {
      throw refused(
        'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
      );
    }
    checkToolResults(messages[index - 1], content, path);
  });
  for (const kind of ['image', 'document'] as const) checkCount(messages, kind);
}

function checkContent(content: readonly JsonObject[], path: string): void {
  if (content.length === 0) {
    const where = `The content field in the Message object at ${path} is empty.`;
    throw refused(`${where} Add a ContentBlock object to the content field and try again.`);
  }
  content.forEach(({ text }, at) => {
    if (typeof text !== 'string' || text.trim() !== '') return;
    const where = `The text field in the ContentBlock object at ${path}.content.${at} is blank.`;
    throw refused(`${where} Add text to the text field, and try again.`);
  });
}

function checkMedia(role: string, content: readonly JsonObject[], path: string): void {
  for (const [at, block] of content.entries()) {
    for (const kind of ['image', 'document'] as const) {
      const value = block[kind];
      if (!isObject(value)) continue;
      const where = `${path}.content.${at}.${kind}`;
      if (role !== 'user') {
        throw refused(`The ${kind} field at ${where} is only supported for the user role.`);
      }
      const encoded = isObject(value.source) ? value.source.bytes : undefined;
      const bytes = typeof encoded === 'string' ? Math.floor((encoded.length * 3) / 4) : 0;
      if (bytes > limits[kind].bytes + 2) {
        throw refused(
          `The ${kind} at ${where} has ${bytes} bytes, more than ${limits[kind].bytes}.`,
        );
      }
    }
    if (isObject(block.document)) checkDocument(block.document, content);
  }
}

function checkDocument({ name }: JsonObject, content: readonly JsonObject[]): void {
  if (typeof name !== 'string' || !/^[a-zA-Z0-9()[\]-]+(?:\s[a-zA-Z0-9()[\]-]+)*$/.test(name)) {
    throw refused(
      'The document file name can only contain alphanumeric characters, whitespace characters, ' +
        "hyphens, parentheses, and square brackets. The name can't contain more than one " +
        'consecutive whitespace character.',
    );
  }
  if (!content.some((block) => typeof block.text === 'string')) {
    throw refused('A text block must be included with a document block.');
  }
}

/** A result answers a call of the message just before; each call wants its result there. */
function checkToolResults(
  before: Message | undefined,
  content: readonly JsonObject[],
  path: string,
): void {
  const idsOf = (blocks: readonly JsonObject[], kind: string) =>
    blocks.flatMap((block) => {
      const value = block[kind];
      // A server's tool is called and answered within one message.
      if (!isObject(value) || value.type !== undefined) return [];
      return [String(value.toolUseId)];
    });
  const called = before?.role === 'assistant' ? idsOf(before.content, 'toolUse') : [];
  const answered = idsOf(content, 'toolResult');
  if (answered.length > called.length) {
    throw refused(
      `The number of toolResult blocks at ${path}.content exceeds the number of toolUse ` +
        'blocks of previous turn.',
    );
  }
  const missing = called.filter((id) => !answered.includes(id));
  if (missing.length === 0) return;
  const ids = missing.join(', ');
  throw refused(`Expected toolResult blocks at ${path}.content for the following Ids: ${ids}`);
}

function checkCount(messages: readonly Message[], kind: keyof typeof limits): void {
  const { count } = limits[kind];
  const found = messages.flatMap(({ content }) => content).filter((block) => kind in block).length;
  if (found > count) throw refused(`You can include up to ${count} ${kind}s, found ${found}.`);
}

function refused(message: string): ProviderError {
  return new ProviderError('validation', message);
}
