// The headers of InvokeModel and its streaming form that carry members of the request, as data.
// Two of them come back with the answer. Source: API reference, "InvokeModel" (2023-09-30).

import type { IncomingHttpHeaders } from 'node:http';
import { ProviderError } from '../provider.ts';
import { guardrailIdentifier, guardrailVersion } from './converse-shape.ts';
import { type Guardrail, readGuardrail } from './guardrail.ts';
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
};

const members: Members = {
  trace: { type: 'string', values: ['ENABLED', 'DISABLED', 'ENABLED_FULL'] },
  guardrailIdentifier,
  guardrailVersion,
  performanceConfigLatency: { type: 'string', values: ['standard', 'optimized'] },
  serviceTier: { type: 'string', values: ['priority', 'default', 'flex', 'reserved'] },
  requestMetadata: { type: 'map', of: { type: 'string', max: 256 }, min: 1, max: 16 },
};

export interface InvokeHeaders {
  /** Those that the answer repeats. */
  readonly echo: Readonly<Record<string, string>>;
  readonly guardrail: Guardrail | undefined;
}

export function readInvokeHeaders(headers: IncomingHttpHeaders): InvokeHeaders {
  const values = Object.entries(carried).map(([name, { header }]) => [
    name,
    headers[header.toLowerCase()],
  ]);
  const requestMetadata = metadataOf(headers['x-amzn-bedrock-request-metadata']);
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(values);
  checkMembers({ ...given, requestMetadata }, members);
  const echoed = Object.entries(carried).flatMap(([name, { header, isEchoed }]) => {
    const value = given[name];
    return isEchoed && typeof value === 'string' ? [[header, value] as const] : [];
  });
  const trace = String(given.trace).toLowerCase();
  return { echo: Object.fromEntries(echoed), guardrail: readGuardrail({ ...given, trace }) };
}

function metadataOf(header: string | readonly string[] | undefined): unknown {
  if (header === undefined) return undefined;
  try {
    return JSON.parse(String(header));
  } catch {
    throw new ProviderError('validation', 'The request metadata is not a valid JSON object.');
  }
}
