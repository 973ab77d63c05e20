// The members of InvokeModel and its streaming form beside the body, as data: the id in the path,
// and headers, two of which come back with the answer. Source: API reference, "InvokeModel".

import type { IncomingHttpHeaders } from 'node:http';
import { ProviderError } from '../provider.ts';
import { guardrailIdentifier, guardrailVersion, requestMetadata } from './converse-shape.ts';
import { type Guardrail, readGuardrail } from './guardrail.ts';
import { invokeModelId } from './model-id-shape.ts';
import { checkMembers, type Members } from './shape.ts';

interface Carried {
  readonly header: string;
  readonly isEchoed?: true;
}

const carried: Readonly<Record<string, Carried>> = {
  trace: { header: 'X-Amzn-Bedrock-Trace' },
  guardrailIdentifier: { header: 'X-Amzn-Bedrock-GuardrailIdentifier' },
  guardrailVersion: { header: 'X-Amzn-Bedrock-GuardrailVersion' },
  performanceConfigLatency: {
    header: 'X-Amzn-Bedrock-PerformanceConfig-Latency',
    isEchoed: true,
  },
  serviceTier: { header: 'X-Amzn-Bedrock-Service-Tier', isEchoed: true },
  requestMetadata: { header: 'X-Amzn-Bedrock-Request-Metadata' },
};

export const invokeMembers: Members = {
  modelId: invokeModelId,
  trace: { type: 'string', values: ['ENABLED', 'DISABLED', 'ENABLED_FULL'] },
  guardrailIdentifier,
  guardrailVersion,
  performanceConfigLatency: { type: 'string', values: ['standard', 'optimized'] },
  serviceTier: { type: 'string', values: ['priority', 'default', 'flex', 'reserved'] },
  requestMetadata: { type: 'string', max: 8500 },
};

export interface InvokeHeaders {
  /** Those that the answer repeats. */
  readonly echo: Readonly<Record<string, string>>;
  readonly guardrail: Guardrail | undefined;
}

export function readInvokeHeaders(modelId: string, headers: IncomingHttpHeaders): InvokeHeaders {
  const values = Object.entries(carried).map(([name, { header }]) => [
    name,
    headers[header.toLowerCase()],
  ]);
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(values);
  checkMembers({ ...given, modelId }, invokeMembers);
  checkMembers({ requestMetadata: metadataOf(given.requestMetadata) }, { requestMetadata });
  const echoed = Object.entries(carried).flatMap(([name, { header, isEchoed }]) => {
    const value = given[name];
    return isEchoed && typeof value === 'string' ? [[header, value] as const] : [];
  });
  const trace = String(given.trace).toLowerCase();
  return { echo: Object.fromEntries(echoed), guardrail: readGuardrail({ ...given, trace }) };
}

function metadataOf(header: unknown): unknown {
  if (header === undefined) return undefined;
  try {
    return JSON.parse(String(header));
  } catch {
    throw new ProviderError('validation', 'The request metadata is not a valid JSON object.');
  }
}
