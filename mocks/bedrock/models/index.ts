// The explicit list of model families: adding one is a file beside this and a line here.

import type { JsonObject } from '../constraints.ts';
import type { ModelId } from '../model-id.ts';
import { anthropic } from './anthropic.ts';
import { cohereEmbed } from './cohere-embed.ts';
import type { ModelFamily } from './family.ts';
import { titanEmbed } from './titan-embed.ts';

const families: readonly ModelFamily[] = [anthropic, cohereEmbed, titanEmbed];

/** The family an id names; undefined for one that is unknown or hidden by the id. */
export function familyOf(model: ModelId): ModelFamily | undefined {
  return families.find((family) => family.matches(model));
}

/** The family that answers: by the id where it tells, else by the form of the body. */
export function familyFor(model: ModelId, body: JsonObject): ModelFamily | undefined {
  if (model.vendor !== undefined) return familyOf(model);
  return families.find((family) => family.looksLike(body));
}
