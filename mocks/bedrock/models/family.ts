// ModelFamily: models that share one body of InvokeModel. The body is the provider's own format
// and Bedrock passes it on, so each family reads, refuses and answers in its own words.

import type { Codec } from '../../provider.ts';
import type { CachedTokens } from '../../script/collector.ts';
import type { StreamScript } from '../../script/script.ts';
import type { OfferedTool } from '../../script/tool.ts';
import type { JsonObject } from '../constraints.ts';
import type { ModelId } from '../model-id.ts';
import type { PromptPart } from '../prompt-cache/prompt-cache.ts';

export interface ModelFamily {
  readonly name: string;
  /** Embedding models have no Converse and no stream. */
  readonly isEmbedding: boolean;
  /** True when the id names a model of this family. */
  matches(model: ModelId): boolean;
  /** True when an id that hides its model is asked in this family's format. */
  looksLike(body: JsonObject): boolean;
  read(body: JsonObject, model: ModelId): ModelRequest;
}

/** What Bedrock itself knows of an answer, beside what the model says. */
export interface InvokeExtras {
  readonly cached: CachedTokens | undefined;
  /** Fields that the service adds to a body when a guardrail looked at it. */
  readonly guardrail: JsonObject;
}

/** A body that was read, with the ways to answer it. */
export interface ModelRequest {
  readonly prompt: string;
  readonly inputTokens: number;
  readonly maxTokens?: number;
  readonly tools?: readonly OfferedTool[];
  readonly forcedTool?: string;
  /** What a cache point may stand behind; absent where there is none. */
  readonly parts?: readonly PromptPart[] | undefined;
  answer(script: StreamScript, extras?: InvokeExtras): Codec;
  /** Absent where the model cannot stream. */
  stream?(
    script: StreamScript,
    extras?: InvokeExtras,
  ): { readonly codec: Codec; readonly totalEvents: number };
}
