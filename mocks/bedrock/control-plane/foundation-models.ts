// ListFoundationModels and GetFoundationModel of the control plane (API 2023-04-20), on the same
// port as the runtime, as one endpoint URL serves both clients.

import { type Call, type Operation, ProviderError } from '../../provider.ts';
import type { JsonObject } from '../constraints.ts';
import { jsonAnswer } from '../json-answer.ts';
import { foundationModelArn, regionOf } from '../resource-arn.ts';
import { checkMembers, type Members } from '../shape.ts';
import { catalogue, type ListedModel } from './catalogue.ts';

export const listModelsMembers: Members = {
  byProvider: { type: 'string', pattern: '[A-Za-z0-9- ]{1,63}' },
  byCustomizationType: {
    type: 'string',
    values: ['FINE_TUNING', 'CONTINUED_PRE_TRAINING', 'DISTILLATION'],
  },
  byOutputModality: {
    type: 'string',
    values: ['TEXT', 'IMAGE', 'EMBEDDING', 'VIDEO', 'SPEECH'],
  },
  byInferenceType: { type: 'string', values: ['ON_DEMAND', 'PROVISIONED', 'INFERENCE_PROFILE'] },
};

const unasked = { prompt: '', inputTokens: 0 };

export const listFoundationModels: Operation = {
  name: 'ListFoundationModels',
  read({ query }) {
    checkMembers(Object.fromEntries(query), listModelsMembers);
    return { operation: 'ListFoundationModels', model: '', ...unasked };
  },
  answer: (_call, _script, request) =>
    jsonAnswer(request, () => {
      const asked = (name: string) => request.query.get(name);
      const found = catalogue.filter(
        ({ provider, outputs, inference }) =>
          [provider.toLowerCase(), null].includes(asked('byProvider')?.toLowerCase() ?? null) &&
          [...outputs, null].includes(asked('byOutputModality')) &&
          [...inference, null].includes(asked('byInferenceType')) &&
          // None of the listed models is offered for customization.
          asked('byCustomizationType') === null,
      );
      return { modelSummaries: found.map((model) => summary(model, regionOf(request))) };
    }),
};

export const getModelMembers: Members = {
  modelIdentifier: {
    required: true,
    type: 'string',
    min: 1,
    max: 2048,
    pattern:
      '(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}::foundation-model/[a-z0-9-]{1,63}[.]{1}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2})|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})',
  },
};

interface GetCall extends Call {
  readonly found: ListedModel;
}

export const getFoundationModel: Operation<GetCall> = {
  name: 'GetFoundationModel',
  read(_request, { modelIdentifier = '' }) {
    checkMembers({ modelIdentifier }, getModelMembers);
    const id = modelIdentifier.split('/').at(-1);
    const found = catalogue.find((model) => model.id === id);
    if (found === undefined) {
      throw new ProviderError('validation', 'The provided model identifier is invalid.');
    }
    return { operation: 'GetFoundationModel', model: found.id, ...unasked, found };
  },
  answer: ({ found }, _script, request) =>
    jsonAnswer(request, () => ({ modelDetails: summary(found, regionOf(request)) })),
};

function summary(model: ListedModel, region: string): JsonObject {
  return {
    customizationsSupported: [],
    inferenceTypesSupported: model.inference,
    inputModalities: model.inputs,
    modelArn: foundationModelArn(region, model.id),
    modelId: model.id,
    modelLifecycle: { status: model.isLegacy ? 'LEGACY' : 'ACTIVE' },
    modelName: model.name,
    outputModalities: model.outputs,
    providerName: model.provider,
    responseStreamingSupported: model.isStreaming,
  };
}
