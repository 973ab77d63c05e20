// A RawFamily: models of other publishers, whose own bodies the service passes through. Each reads
// and answers in its own words; how a body travels is decided by the caller.

import type { Codec } from '../../provider.ts';
import type { Collected } from '../../script/collector.ts';
import type { StreamScript } from '../../script/script.ts';
import type { OfferedTool } from '../../script/tool.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface RawFamily {
  readonly name: string;
  /** True when this family answers for a model of this publisher. */
  matches(publisher: string, model: string): boolean;
  /** `model` is the id in the path; throws a ProviderError for what the service would refuse. */
  read(body: JsonObject, model: string): RawRequest;
}

/** A body that was read, with the ways to answer it. */
export interface RawRequest {
  readonly prompt: string;
  readonly inputTokens: number;
  readonly maxTokens?: number;
  readonly tools?: readonly OfferedTool[];
  readonly forcedTool?: string;
  /** True when the body asks for a stream. */
  readonly isStreaming: boolean;
  body(collected: Collected, script: StreamScript): object;
  stream(script: StreamScript): { readonly codec: Codec; readonly totalEvents: number };
}
