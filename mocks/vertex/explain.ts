// explain: the predictions of a custom model, and how much each feature counted.
// Source: prediction_service.proto, explanation.proto (Attribution).

import type { Call } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { modelNotFound } from './gemini-request.ts';
import { type Fields, fieldsOf, listOf } from './json.ts';
import { messageAnswer, type VertexOperation } from './operation.ts';
import { parseResource } from './path.ts';
import { textsIn } from './tensor.ts';

interface ExplainCall extends Call {
  readonly instances: readonly unknown[];
}

export const explain: VertexOperation<ExplainCall> = {
  read({ method, resource, fields }) {
    const model = parseResource(resource)?.id;
    if (model === undefined) throw modelNotFound(resource);
    const instances = listOf(fields('instances'));
    const prompt = textsIn(instances).join('\n');
    const inputTokens = tokensOf(prompt.length);
    return { operation: method.name, model, prompt, inputTokens, instances };
  },
  answer({ instances }, script, invocation) {
    const rng = script.rng.fork('explain');
    return messageAnswer(invocation, () => {
      const outputs = instances.map(() => rng.next());
      return {
        explanations: instances.map((instance, index) => ({
          attributions: [
            {
              baselineOutputValue: 0.5,
              instanceOutputValue: outputs[index],
              featureAttributions: sharesOf(fieldsOf(instance), instance, () => rng.next()),
              outputIndex: [0],
              approximationError: 0.01,
              outputName: 'score',
            },
          ],
        })),
        deployedModelId: '1234567890123456789',
        predictions: outputs,
      };
    });
  },
};

function sharesOf(fields: Fields | undefined, instance: unknown, share: () => number): object {
  if (fields === undefined) return { value: share() };
  return Object.fromEntries(Object.keys(instance as object).map((name) => [name, share()]));
}
