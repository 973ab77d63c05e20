// The bodies that the API accepts, as JSON schemas: OpenAI's, as far as this gateway goes. Fields
// it does not know are ignored, because clients send many.
// Source: https://platform.openai.com/docs/api-reference/chat/create and …/embeddings/create

import { type Static, Type } from 'typebox';

const textPart = Type.Object({ type: Type.Literal('text'), text: Type.String() });

export const chatBody = Type.Object({
  model: Type.String(),
  messages: Type.Array(
    Type.Object({
      role: Type.Union([
        Type.Literal('system'),
        Type.Literal('developer'),
        Type.Literal('user'),
        Type.Literal('assistant'),
      ]),
      content: Type.Union([Type.String(), Type.Array(textPart, { minItems: 1 })]),
    }),
    { minItems: 1 },
  ),
  stream: Type.Optional(Type.Boolean()),
  stream_options: Type.Optional(Type.Object({ include_usage: Type.Optional(Type.Boolean()) })),
  max_tokens: Type.Optional(Type.Integer({ minimum: 1 })),
  max_completion_tokens: Type.Optional(Type.Integer({ minimum: 1 })),
  temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
  top_p: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  stop: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 4 })])),
});

export const embeddingBody = Type.Object({
  model: Type.String(),
  input: Type.Union([
    Type.String({ minLength: 1 }),
    Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 2048 }),
  ]),
});

export type ChatBody = Static<typeof chatBody>;
export type EmbeddingBody = Static<typeof embeddingBody>;
