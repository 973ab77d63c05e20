// InvokeGuardrailChecks: named checks of a conversation without a guardrail of one's own. Scores
// are 0, and 0.9 with `stop=guardrail`. Source: the AWS SDK's model; not in botocore 1.43.

import type { Call, Operation } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { type JsonObject, objectOf, parseBody } from './constraints.ts';
import { textOfBlock } from './content-block.ts';
import { jsonAnswer } from './json-answer.ts';
import { checkMembers, type Members, type Shape } from './shape.ts';

/** The list of a check, the key of its entries and what they may be. */
const checks = {
  contentFilter: {
    list: 'categories',
    key: 'category',
    values: ['VIOLENCE', 'HATE', 'SEXUAL', 'MISCONDUCT', 'INSULTS'],
  },
  promptAttack: {
    list: 'categories',
    key: 'category',
    values: ['JAILBREAK', 'PROMPT_INJECTION', 'PROMPT_LEAKAGE'],
  },
  sensitiveInformation: {
    list: 'entities',
    key: 'type',
    values: [
      'ADDRESS',
      'AGE',
      'AWS_ACCESS_KEY',
      'AWS_SECRET_KEY',
      'CA_HEALTH_NUMBER',
      'CA_SOCIAL_INSURANCE_NUMBER',
      'CREDIT_DEBIT_CARD_CVV',
      'CREDIT_DEBIT_CARD_EXPIRY',
      'CREDIT_DEBIT_CARD_NUMBER',
      'DRIVER_ID',
      'EMAIL',
      'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
      'IP_ADDRESS',
      'LICENSE_PLATE',
      'MAC_ADDRESS',
      'NAME',
      'PASSWORD',
      'PHONE',
      'PIN',
      'SWIFT_CODE',
      'UK_NATIONAL_HEALTH_SERVICE_NUMBER',
      'UK_NATIONAL_INSURANCE_NUMBER',
      'UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER',
      'URL',
      'USERNAME',
      'US_BANK_ACCOUNT_NUMBER',
      'US_BANK_ROUTING_NUMBER',
      'US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER',
      'US_PASSPORT_NUMBER',
      'US_SOCIAL_SECURITY_NUMBER',
      'VEHICLE_IDENTIFICATION_NUMBER',
    ],
  },
} as const;

type CheckName = keyof typeof checks;

function checkShape(name: CheckName): Shape {
  const { list, key, values } = checks[name];
  const value: Shape = { required: true, type: 'string', values };
  const entry: Shape = { type: 'structure', members: { [key]: value } };
  return {
    type: 'structure',
    members: { [list]: { required: true, type: 'list', min: 1, max: values.length, of: entry } },
  };
}

export const guardrailChecksMembers: Members = {
  messages: {
    required: true,
    type: 'list',
    min: 1,
    of: {
      type: 'structure',
      members: {
        role: { required: true, type: 'string', values: ['user', 'assistant', 'system'] },
        content: {
          required: true,
          type: 'list',
          min: 1,
          of: {
            type: 'structure',
            union: 'GuardrailChecksContentBlock',
            members: { text: { type: 'string', min: 1 } },
          },
        },
      },
    },
  },
  checks: {
    required: true,
    type: 'structure',
    members: Object.fromEntries(
      Object.keys(checks).map((name) => [name, checkShape(name as CheckName)]),
    ),
  },
};

interface ChecksCall extends Call {
  /** Entries by check, as asked. */
  readonly asked: readonly (readonly [CheckName, readonly string[]])[];
}

export const invokeGuardrailChecks: Operation<ChecksCall> = {
  name: 'InvokeGuardrailChecks',
  read(request) {
    const body = parseBody(request.body);
    checkMembers(body, guardrailChecksMembers);
    const messages = Array.isArray(body.messages) ? body.messages : [];
    const texts = messages.flatMap((message) => {
      const { content } = objectOf(message);
      return (Array.isArray(content) ? content : []).map(textOfBlock);
    });
    const prompt = texts.join('\n');
    const asked = (Object.keys(checks) as CheckName[]).flatMap((name) => {
      const entries = objectOf(objectOf(body.checks)[name])[checks[name].list];
      if (!Array.isArray(entries)) return [];
      return [[name, entries.map((entry) => String(objectOf(entry)[checks[name].key]))] as const];
    });
    const inputTokens = tokensOf(prompt.length);
    return { operation: 'InvokeGuardrailChecks', model: '', prompt, inputTokens, asked };
  },
  answer({ asked, prompt }, { stopReason }, request) {
    const isHit = stopReason === 'guardrail';
    const textUnits = Math.max(1, Math.ceil(prompt.length / 1000));
    return jsonAnswer(request, () => ({
      results: Object.fromEntries(asked.map(([name, keys]) => [name, resultOf(name, keys, isHit)])),
      usage: Object.fromEntries(asked.map(([name]) => [name, { textUnits }])),
    }));
  },
};

function resultOf(name: CheckName, keys: readonly string[], isHit: boolean): JsonObject {
  const score = isHit ? 0.9 : 0;
  if (name !== 'sensitiveInformation') {
    return { results: keys.map((category) => ({ category, severityScore: score })) };
  }
  const begin = { beginOffset: 0, confidenceScore: score, contentIndex: 0 };
  const found = isHit ? keys : [];
  return {
    results: found.map((type) => ({ ...begin, endOffset: 1, messageIndex: 0, type })),
    truncated: false,
  };
}
