// What an identity may do once it is known: its policy denies a model, or the account was never
// given access to it. Both are 403, in words of their own.

import { accountId, matchesGlob, type Principal } from './accounts.ts';
import { AuthRefusal } from './auth-refusal.ts';

export interface Request {
  readonly operation: string | undefined;
  /** As in the path, decoded; undefined where the operation has none. */
  readonly model: string | undefined;
  readonly region: string;
}

/** Throws an AuthRefusal when the principal may not ask this model. */
export function checkPolicy({ arn, identity }: Principal, request: Request): void {
  const { model } = request;
  if (model === undefined) return;
  if (identity.deniedModels.some((glob) => matchesGlob(model, glob))) {
    const action = actionOf(request.operation);
    throw new AuthRefusal(
      'denied',
      `User: ${arn} is not authorized to perform: ${action} on resource: ` +
        `${resourceOf(model, request.region)} because no identity-based policy allows ` +
        `the ${action} action`,
    );
  }
  if (identity.unavailableModels.some((glob) => matchesGlob(model, glob))) {
    const message = "You don't have access to the model with the specified model ID.";
    throw new AuthRefusal('no-model-access', message);
  }
}

/** Converse has no permission of its own. Source: "Actions defined by Amazon Bedrock". */
function actionOf(operation = ''): string {
  const actions: Readonly<Record<string, string>> = {
    Converse: 'InvokeModel',
    ConverseStream: 'InvokeModelWithResponseStream',
  };
  return `bedrock:${actions[operation] ?? operation}`;
}

function resourceOf(model: string, region: string): string {
  if (model.startsWith('arn:')) return model;
  const isProfile = /^(?:us|us-gov|eu|apac|jp|au|ca|global)\./.test(model);
  return isProfile
    ? `arn:aws:bedrock:${region}:${accountId}:inference-profile/${model}`
    : `arn:aws:bedrock:${region}::foundation-model/${model}`;
}
