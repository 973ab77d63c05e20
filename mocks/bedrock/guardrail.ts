// What Bedrock says about a guardrail that looked at a text: who it was, what it cost, and what it
// found when the script has it intervene (`stop=guardrail`).

import type { StopReason } from '../../injectors/stream.ts';
import { isObject, type JsonObject } from './constraints.ts';

export interface Guardrail {
  /** The short id, from an ARN too. */
  readonly id: string;
  readonly arn: string;
  readonly version: string;
  readonly isTraced: boolean;
}

const textUnit = 1000;

export function readGuardrail(config: unknown): Guardrail | undefined {
  if (!isObject(config)) return undefined;
  const { guardrailIdentifier, guardrailVersion, trace } = config;
  if (typeof guardrailIdentifier !== 'string') return undefined;
  return guardrailOf(
    guardrailIdentifier,
    typeof guardrailVersion === 'string' ? guardrailVersion : 'DRAFT',
    trace === 'enabled' || trace === 'enabled_full',
  );
}

export function guardrailOf(identifier: string, version: string, isTraced: boolean): Guardrail {
  const id = identifier.split('/').at(-1) ?? identifier;
  const arn = identifier.startsWith('arn:')
    ? identifier
    : `arn:aws:bedrock:us-east-1:123456789012:guardrail/${id}`;
  return { id, arn, version, isTraced };
}

export function guardrailUsage(characters: number): JsonObject {
  const units = Math.max(1, Math.ceil(characters / textUnit));
  return {
    automatedReasoningPolicies: 0,
    automatedReasoningPolicyUnits: 0,
    contentPolicyImageUnits: 0,
    contentPolicyUnits: units,
    contextualGroundingPolicyUnits: 0,
    sensitiveInformationPolicyFreeUnits: 0,
    sensitiveInformationPolicyUnits: 0,
    topicPolicyUnits: units,
    wordPolicyUnits: units,
  };
}

export function guardrailCoverage(characters: number): JsonObject {
  return { textCharacters: { guarded: characters, total: characters } };
}

/** One assessment; the service leaves out the policies that found nothing. */
export function assessment(
  { id, arn, version }: Guardrail,
  characters: number,
  intervened: boolean,
): JsonObject {
  const filter = {
    action: 'BLOCKED',
    confidence: 'HIGH',
    detected: true,
    filterStrength: 'HIGH',
    type: 'VIOLENCE',
  };
  return {
    appliedGuardrailDetails: {
      guardrailArn: arn,
      guardrailId: id,
      guardrailOrigin: ['REQUEST'],
      guardrailOwnership: 'SELF',
      guardrailVersion: version,
    },
    ...(intervened && { contentPolicy: { filters: [filter] } }),
    invocationMetrics: {
      guardrailCoverage: guardrailCoverage(characters),
      guardrailProcessingLatency: 1,
      usage: guardrailUsage(characters),
    },
  };
}

/** What InvokeModel's body gets; only a traced request is told what was found. */
export function invokeGuardrail(
  guardrail: Guardrail,
  characters: number,
  stopReason: StopReason,
): JsonObject {
  const intervened = stopReason === 'guardrail';
  const input = { [guardrail.id]: assessment(guardrail, characters, intervened) };
  return {
    ...(guardrail.isTraced && {
      'amazon-bedrock-trace': { guardrail: { actionReason: actionReason(intervened), input } },
    }),
    'amazon-bedrock-guardrailAction': intervened ? 'INTERVENED' : 'NONE',
  };
}

export const blockedText = 'Sorry, the model cannot answer this question.';

export function actionReason(intervened: boolean): string {
  return intervened ? 'Guardrail blocked.' : 'No action.';
}
