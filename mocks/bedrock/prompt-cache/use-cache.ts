// The prompt cache of one server, as requests use it: how many of their tokens were read from it or
// written to it, and the writing itself once the answer begins.

import { systemClock } from '../../../injectors/determinism.ts';
import { type ApiRequest, type Codec, ProviderError } from '../../provider.ts';
import type { ModelId } from '../model-id.ts';
import { leastCachedTokens } from './caching-models.ts';
import { type CacheUse, createPromptCache, type PromptPart } from './prompt-cache.ts';

/** Beginnings of prompts that are kept, about 150 bytes each. */
const capacity = 10_000;

export interface Counted {
  /** Tokens that are neither read nor written. */
  readonly inputTokens: number;
  readonly cached: CacheUse | undefined;
}

export function countCached(
  { memory }: Pick<ApiRequest, 'memory'>,
  model: ModelId,
  parts: readonly PromptPart[] | undefined,
  inputTokens: number,
): Counted {
  if (parts === undefined) return { inputTokens, cached: undefined };
  const least = leastCachedTokens(model);
  if (least === undefined) throw unsupported();
  const cache = memory.of('bedrock.prompt-cache', () =>
    createPromptCache(capacity, () => systemClock.nowMs()),
  );
  const cached = cache.use(model.raw, parts, inputTokens, least);
  return { inputTokens: inputTokens - cached.readTokens - cached.writeTokens, cached };
}

function unsupported(): ProviderError {
  const what = 'You invoked an unsupported model or your request did not allow prompt caching.';
  return new ProviderError('access-denied', `${what} See the documentation for more information.`);
}

/** The codec, which writes to the cache with the first thing that the model says. */
export function writing(codec: Codec, cached: CacheUse | undefined): Codec {
  if (cached === undefined) return codec;
  let isWritten = false;
  return {
    ...codec,
    encode(event) {
      if (!isWritten) cached.commit();
      isWritten = true;
      return codec.encode(event);
    },
  };
}
