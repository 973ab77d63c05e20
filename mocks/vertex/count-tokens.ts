// countTokens and computeTokens for Gemini, by the same rule of thumb that answers are metered
// with, so that usage and count agree. Source: llm_utility_service.proto.

import type { Call } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { geminiModel, readGeminiPrompt } from './gemini-request.ts';
import { type Fields, fieldsOf, listOf, textOf } from './json.ts';
import { messageAnswer, type VertexOperation } from './operation.ts';
import type { Invocation } from './request.ts';

interface CountCall extends Call {
  /** Texts by role; instances have no role of their own. */
  readonly texts: readonly { readonly role: string; readonly text: string }[];
}

export const countTokens: VertexOperation<CountCall> = {
  read: readCall,
  answer: (call, _, invocation) =>
    messageAnswer(invocation, () => ({
      totalTokens: call.inputTokens,
      totalBillableCharacters: call.prompt.replace(/\s/g, '').length,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: call.inputTokens }],
    })),
};

/** Four characters make a token, whose id is a hash of them. */
export const computeTokens: VertexOperation<CountCall> = {
  read: readCall,
  answer: ({ texts }, _, invocation) =>
    messageAnswer(invocation, () => ({
      tokensInfo: texts.map(({ role, text }) => {
        const pieces = Array.from({ length: tokensOf(text.length) }, (_, at) =>
          text.slice(4 * at, 4 * at + 4),
        );
        return {
          tokens: pieces.map((piece) => Buffer.from(piece).toString('base64')),
          tokenIds: pieces.map((piece) => String(tokenId(piece))),
          role,
        };
      }),
    })),
};

function readCall({ method, resource, fields }: Invocation): CountCall {
  const model = geminiModel(resource);
  const texts = textsOf(fields);
  const instances = listOf(fields('instances')).length > 0;
  const { prompt, inputTokens } = instances ? instancePrompt(texts) : readGeminiPrompt(fields);
  return { operation: method.name, model, prompt, inputTokens, texts };
}

function textsOf(fields: Fields): CountCall['texts'] {
  const contents = listOf(fields('contents')).map((content) => {
    const own = fieldsOf(content);
    const parts = listOf(own?.('parts')).map((part) => fieldsOf(part)?.('text'));
    const text = parts.filter((part) => typeof part === 'string').join('');
    return { role: textOf(own?.('role') ?? 'user'), text };
  });
  const instances = listOf(fields('instances')).map((instance) => {
    const own = fieldsOf(instance);
    const text = [own?.('prompt'), own?.('content')].find((value) => typeof value === 'string');
    return { role: 'user', text: textOf(text) };
  });
  return [...contents, ...instances];
}

function instancePrompt(texts: CountCall['texts']): { prompt: string; inputTokens: number } {
  const prompt = texts.map(({ text }) => text).join('\n');
  return { prompt, inputTokens: tokensOf(prompt.length) };
}

function tokenId(piece: string): number {
  let id = 7;
  for (const character of piece) id = (id * 31 + (character.codePointAt(0) ?? 0)) % 256_000;
  return id;
}
