// Members of a Converse answer that only some requests get: fields of the model they asked for,
// performance and tier repeated, and the trace of a guardrail or prompt router.

import type { StopReason } from '../../injectors/stream.ts';
import type { StreamScript } from '../script/script.ts';
import type { JsonObject } from './constraints.ts';
import type { ConverseCall } from './converse-request.ts';
import { actionReason, assessment, type Guardrail } from './guardrail.ts';

/** For `additionalModelResponseFields`; the paths are JSON pointers into the model's own answer. */
export function modelFields(call: ConverseCall, reason: StopReason | undefined): JsonObject {
  if (!call.responseFieldPaths.includes('/stop_sequence')) return {};
  const sequence = reason === 'stop-sequence' ? (call.stopSequences[0] ?? null) : null;
  return { additionalModelResponseFields: { stop_sequence: sequence } };
}

export function traceOf(call: ConverseCall, script: StreamScript): JsonObject {
  const { guardrail, modelId } = call;
  const trace = {
    ...(guardrail?.isTraced && { guardrail: guardrailTrace(guardrail, call, script) }),
    ...(modelId.isRouter && { promptRouter: { invokedModelId: routedModel } }),
  };
  return Object.keys(trace).length === 0 ? {} : { trace };
}

const routedModel =
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-5-haiku-20241022-v1:0';

function guardrailTrace(
  guardrail: Guardrail,
  { prompt }: ConverseCall,
  { stopReason }: StreamScript,
): JsonObject {
  const intervened = stopReason === 'guardrail';
  return {
    actionReason: actionReason(intervened),
    inputAssessment: { [guardrail.id]: assessment(guardrail, prompt.length, intervened) },
  };
}
