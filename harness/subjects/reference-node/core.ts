// What the gateway means by a chat, a stream and an embedding, in no provider's words. Adapters
// translate to it, routes speak OpenAI's dialect of it; neither knows the other.

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatQuery {
  /** The provider's own model id. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type FinishReason = 'stop' | 'length' | 'content_filter';

export type ChatEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'finish'; readonly reason: FinishReason }
  | { readonly kind: 'usage'; readonly usage: TokenUsage };

/**
 * A provider stream. Who opened it must call `cancel` when done with it, however it ended: after
 * an error or an early stop, nothing else closes the provider's connection.
 */
export interface ChatStream {
  readonly events: AsyncIterator<ChatEvent>;
  /** Idempotent; on a finished stream it does nothing. */
  cancel(): void;
}

export interface ChatAnswer {
  readonly text: string;
  readonly reason: FinishReason;
  readonly usage: TokenUsage;
}

export interface Embeddings {
  readonly vectors: readonly (readonly number[])[];
  readonly inputTokens: number;
}

export interface ProviderAdapter {
  streamChat(query: ChatQuery): ChatStream;
  chat(query: ChatQuery, signal: AbortSignal): Promise<ChatAnswer>;
  embed(
    model: string,
    texts: readonly string[],
    options: { readonly signal: AbortSignal; readonly textsPerCall: number | undefined },
  ): Promise<Embeddings>;
  close(): Promise<void>;
}
