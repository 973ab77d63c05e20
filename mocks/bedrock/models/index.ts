// The explicit list of model families: adding one is a file beside this and a line here.

import type { JsonObject } from '../constraints.ts';
import type { ModelId } from '../model-id.ts';
import { anthropic } from './anthropic.ts';
import { cohereCommand } from './cohere-command.ts';
import { cohereCommandR } from './cohere-command-r.ts';
import { cohereEmbed } from './cohere-embed.ts';
import { cohereEmbedV4 } from './cohere-embed-v4.ts';
import type { ModelFamily } from './family.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { mistralChat } from './mistral-chat.ts';
import { nova } from './nova.ts';
import { novaEmbed } from './nova-embed.ts';
import { titanEmbed } from './titan-embed.ts';
import { titanEmbedImage } from './titan-embed-image.ts';
import { titanEmbedV1 } from './titan-embed-v1.ts';
import { titanText } from './titan-text.ts';

const families: readonly ModelFamily[] = [
  anthropic,
  nova,
  titanText,
  llama,
  mistral,
  mistralChat,
  cohereCommand,
  cohereCommandR,
  cohereEmbed,
  cohereEmbedV4,
  titanEmbedV1,
  titanEmbedImage,
  novaEmbed,
  titanEmbed,
];

/** The family an id names; undefined for one that is unknown or hidden by the id. */
export function familyOf(model: ModelId): ModelFamily | undefined {
  return families.find((family) => family.matches(model));
}

/** The family that answers: by the id where it tells, else by the form of the body. */
export function familyFor(model: ModelId, body: JsonObject): ModelFamily | undefined {
  const named = families.filter((family) => family.matches(model));
  // Mistral Large has two formats, and the body tells which it is.
  if (model.vendor !== undefined) return named.find(({ looksLike }) => looksLike(body)) ?? named[0];
  return families.find((family) => family.looksLike(body));
}
