// ApplyGuardrail: a guardrail looks at texts without a model. It lets everything pass, unless the
// script says `stop=guardrail`. Source: API reference, "ApplyGuardrail" (2023-09-30).

import type { Call, Operation } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { objectOf, parseBody } from './constraints.ts';
import { textOfBlock } from './content-block.ts';
import { guardrailIdentifier, guardrailVersion } from './converse-shape.ts';
import {
  actionReason,
  assessment,
  blockedText,
  type Guardrail,
  guardrailCoverage,
  guardrailOf,
  guardrailUsage,
} from './guardrail.ts';
import { jsonAnswer } from './json-answer.ts';
import { checkMembers, type Members } from './shape.ts';

export const applyGuardrailMembers: Members = {
  guardrailIdentifier: { ...guardrailIdentifier, required: true },
  guardrailVersion: { ...guardrailVersion, required: true },
  source: { required: true, type: 'string', values: ['INPUT', 'OUTPUT'] },
  content: {
    required: true,
    type: 'list',
    of: {
      type: 'structure',
      union: 'GuardrailContentBlock',
      members: {
        text: {
          type: 'structure',
          members: {
            text: { required: true, type: 'string' },
            qualifiers: {
              type: 'list',
              of: { type: 'string', values: ['grounding_source', 'query', 'guard_content'] },
            },
          },
        },
        image: {
          type: 'structure',
          members: {
            format: { required: true, type: 'string', values: ['png', 'jpeg'] },
            source: {
              required: true,
              type: 'structure',
              union: 'GuardrailImageSource',
              members: { bytes: { type: 'blob', min: 1 } },
            },
          },
        },
      },
    },
  },
  outputScope: { type: 'string', values: ['INTERVENTIONS', 'FULL'] },
};

interface GuardrailCall extends Call {
  readonly guardrail: Guardrail;
}

export const applyGuardrail: Operation<GuardrailCall> = {
  name: 'ApplyGuardrail',
  read(request, { guardrailIdentifier: id = '', guardrailVersion: version = '' }) {
    const body = parseBody(request.body);
    checkMembers(
      { ...body, guardrailIdentifier: id, guardrailVersion: version },
      applyGuardrailMembers,
    );
    const content = Array.isArray(body.content) ? body.content : [];
    const prompt = content.map((block) => textOfBlock(objectOf(block).text)).join('\n');
    return {
      operation: 'ApplyGuardrail',
      model: id,
      prompt,
      inputTokens: tokensOf(prompt.length),
      guardrail: guardrailOf(id, version, true),
    };
  },
  answer({ guardrail, prompt: { length } }, { stopReason }, request) {
    const intervened = stopReason === 'guardrail';
    return jsonAnswer(request, () => ({
      action: intervened ? 'GUARDRAIL_INTERVENED' : 'NONE',
      actionReason: actionReason(intervened),
      assessments: [assessment(guardrail, length, intervened)],
      guardrailCoverage: guardrailCoverage(length),
      outputs: intervened ? [{ text: blockedText }] : [],
      usage: guardrailUsage(length),
    }));
  },
};
