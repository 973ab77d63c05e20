// Methods that no proto of the SDK has: they exist over REST only, or with paths of another
// version. Source: the public REST reference of Vertex AI.

import type { HttpBinding, MethodRow } from './prune-methods.ts';

const model = '{endpoint=projects/*/locations/*/publishers/*/models/*}';
const endpoint = '{endpoint=projects/*/locations/*/endpoints/*}';
const versions = ['v1', 'v1beta1'];

const posts = (...paths: readonly string[]): HttpBinding[] =>
  versions.flatMap((version) =>
    paths.map((path): HttpBinding => ['POST', `/${version}/${path}`, '*']),
  );
function rest(http: readonly HttpBinding[]): MethodRow {
  return { request: '', response: '', http };
}

export const restMethods: Readonly<Record<string, MethodRow>> = {
  'PredictionService/PredictLongRunning': rest(
    posts(`${endpoint}:predictLongRunning`, `${model}:predictLongRunning`),
  ),
  'PredictionService/FetchPredictOperation': rest(
    posts(`${endpoint}:fetchPredictOperation`, `${model}:fetchPredictOperation`),
  ),
  // Protos have the one of v1beta1 only.
  'PredictionService/ChatCompletions': rest(posts(`${endpoint}/chat/completions`)),
};
