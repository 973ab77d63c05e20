// Requests in the words of an OpenAI-compatible gateway, and their form on the wire
// (platform.openai.com/docs/api-reference: chat, embeddings, models).

import type { BoundFault } from '../../injectors/injector.ts';

interface AnyRequest {
  /** Who answers behind the gateway; a profile has questions of its own for each. */
  readonly provider?: 'bedrock' | 'vertex';
  /** Client faults of this one request, for instance an abort at event 3. */
  readonly faults?: readonly BoundFault[];
  /** Content events the undisturbed answer has; needed by faults placed at a share of it. */
  readonly expectedEventCount?: number;
}

export interface ChatRequest extends AnyRequest {
  readonly kind: 'chat';
  readonly model: string;
  readonly prompt: string;
  readonly isStreamed: boolean;
  readonly maxTokens?: number;
}

export interface EmbeddingsRequest extends AnyRequest {
  readonly kind: 'embeddings';
  readonly model: string;
  readonly input: string | readonly string[];
  /** The reference gateways take so many texts into one call to the provider. */
  readonly textsPerCall?: number;
}

export interface ModelsRequest extends AnyRequest {
  readonly kind: 'models';
}

export type GatewayRequest = ChatRequest | EmbeddingsRequest | ModelsRequest;

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Below the API's root, which belongs to the gateway. */
  readonly path: string;
  readonly body: string | null;
  /** Vectors that a whole answer has, where that is known. */
  readonly vectorCount?: number;
  /** Besides those that every request has; these win. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function encodeRequest(request: GatewayRequest): WireRequest {
  switch (request.kind) {
    case 'chat': {
      const { model, prompt, isStreamed, maxTokens } = request;
      const body = JSON.stringify({
        model,
        messages: [{ role: 'user', content: prompt }],
        stream: isStreamed,
        max_tokens: maxTokens,
      });
      return { method: 'POST', path: '/chat/completions', body };
    }
    case 'embeddings': {
      const { model, input, textsPerCall } = request;
      const body = JSON.stringify({ model, input });
      const headers =
        textsPerCall === undefined ? {} : { 'x-texts-per-call': String(textsPerCall) };
      return { method: 'POST', path: '/embeddings', body, headers, vectorCount: countTexts(input) };
    }
    case 'models':
      return { method: 'GET', path: '/models', body: null };
  }
}

export function countTexts(input: EmbeddingsRequest['input']): number {
  return typeof input === 'string' ? 1 : input.length;
}
