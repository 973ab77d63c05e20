// What the fake checks of each request against the API's own model, member by member and both ways:
// names, types, what is required, lengths, ranges, patterns, words, and the paths and errors.

import { test } from 'tap';
import { applyGuardrailMembers } from '../../../mocks/bedrock/apply-guardrail.ts';
import {
  getMembers,
  listMembers,
  startMembers,
} from '../../../mocks/bedrock/async-invoke/operations.ts';
import {
  getModelMembers,
  listModelsMembers,
} from '../../../mocks/bedrock/control-plane/foundation-models.ts';
import {
  getProfileMembers,
  listProfilesMembers,
} from '../../../mocks/bedrock/control-plane/inference-profiles.ts';
import { converseMembers } from '../../../mocks/bedrock/converse-shape.ts';
import { countTokensMembers } from '../../../mocks/bedrock/count-tokens.ts';
import { guardrailChecksMembers } from '../../../mocks/bedrock/guardrail-checks.ts';
import { invokeMembers } from '../../../mocks/bedrock/invoke-headers.ts';
import { conversationalModelId } from '../../../mocks/bedrock/model-id-shape.ts';
import { bedrock } from '../../../mocks/bedrock/provider.ts';
import type { Members, Shape } from '../../../mocks/bedrock/shape.ts';
import { requestTo } from '../../fixtures/bedrock-answer.ts';
import { type ServiceModel, serviceModels } from '../../fixtures/service-model.ts';

const converse = { modelId: conversationalModelId, ...converseMembers };

const runtime: Readonly<Record<string, Members>> = {
  Converse: converse,
  ConverseStream: converse,
  InvokeModel: invokeMembers,
  InvokeModelWithResponseStream: invokeMembers,
  CountTokens: countTokensMembers,
  ApplyGuardrail: applyGuardrailMembers,
  InvokeGuardrailChecks: guardrailChecksMembers,
  StartAsyncInvoke: startMembers,
  GetAsyncInvoke: getMembers,
  ListAsyncInvokes: listMembers,
};
const control: Readonly<Record<string, Members>> = {
  ListFoundationModels: listModelsMembers,
  GetFoundationModel: getModelMembers,
  ListInferenceProfiles: listProfilesMembers,
  GetInferenceProfile: getProfileMembers,
};

/** Where the fake differs with a reason: members it reads elsewhere, words the model lacks. */
const meant: readonly RegExp[] = [
  // A payload of its own, whose length is checked where it is read.
  /^InvokeModel\w*\.body: is not checked$/,
  // Any content type is taken, and the answer is JSON.
  /^InvokeModel\w*\.(contentType|accept): is not checked$/,
  // Times in a query are read where jobs are listed.
  /^ListAsyncInvokes\.submitTime(After|Before): is not checked$/,
  // Converse itself ignores the mode, which streams alone have.
  /^Converse\.guardrailConfig\.streamProcessingMode: is not in the model$/,
  // Users see models that answer with these, listed by these words.
  /^ListFoundationModels\.by(OutputModality|InferenceType): words /,
];

const models = await serviceModels();

if (typeof models === 'string') {
  test('requests by the model', { skip: models }, async () => undefined);
} else {
  compareAll(models.runtime, runtime);
  compareAll(models.control, control);
}

function compareAll(model: ServiceModel, checked: Readonly<Record<string, Members>>): void {
  for (const [name, members] of Object.entries(checked)) {
    const operation = model.operations[name];
    test(`${name} checks what the model says, no more and no less`, async (t) => {
      const input = operation?.input.shape ?? '';
      const problems = compare(model, { type: 'structure', members }, input, name);
      t.same(
        problems.filter((problem) => !meant.some((pattern) => pattern.test(problem))),
        [],
      );
      t.ok(Object.keys(model.shape(input).members ?? {}).length > 0);
    });

    test(`${name} has the path of the model`, async (t) => {
      const { method = '', requestUri = '' } = operation?.http ?? {};
      const rawPath = requestUri.replace(/\{\w+\}/g, 'x');
      t.equal(bedrock.route({ ...requestTo(rawPath, '{}'), method })?.name, name);
    });
  }
}

test('a difference is found: a limit, a word, a pattern and a member that are wrong', async (t) => {
  if (typeof models === 'string') return;
  const wrong: Members = {
    ...converse,
    inferenceConfig: { type: 'structure', members: { maxTokens: { type: 'integer', min: 2 } } },
    serviceTier: { type: 'structure', members: { type: { type: 'string', values: ['best'] } } },
    modelId: { ...conversationalModelId, pattern: '.*' },
    color: { type: 'string' },
  };
  const found = compare(
    models.runtime,
    { type: 'structure', members: wrong },
    'ConverseRequest',
    '',
  );
  for (const path of ['inferenceConfig.maxTokens', 'inferenceConfig.topP', 'serviceTier.type']) {
    t.ok(
      found.some((problem) => problem.startsWith(`.${path}: `)),
      path,
    );
  }
  t.ok(found.includes('.color: is not in the model'));
  t.ok(found.some((problem) => problem.startsWith('.modelId: pattern')));
});

test('every exception of the model has its status', async (t) => {
  if (typeof models === 'string') return;
  const { operations, shape } = models.runtime;
  const names = new Set(Object.values(operations).flatMap(({ errors }) => errors));
  for (const { shape: name } of names) {
    const answer = bedrock.errorAnswer(name, '', requestTo('/', ''));
    t.equal(answer.status, shape(name).error?.httpStatusCode, name);
    const members = Object.keys(JSON.parse(answer.body.toString()));
    t.same(members, Object.keys(shape(name).members ?? {}), name);
  }
  t.ok(names.size > 10);
});

function compare(model: ServiceModel, ours: Shape, name: string, path: string): string[] {
  const theirs = model.shape(name);
  if (theirs.document === true) return ours.type === 'document' ? [] : [`${path}: is a document`];
  const type = { double: 'float', long: 'integer' }[theirs.type] ?? theirs.type;
  if (type !== ours.type) return [`${path}: is ${theirs.type}, not ${ours.type}`];
  const pattern = ours.type === 'string' ? ours.pattern : undefined;
  const words = ours.type === 'string' ? [...(ours.values ?? [])].sort() : [];
  const limits = [
    ['least', ours.min ?? 0, theirs.min ?? 0],
    ['most', ours.max, theirs.max],
    ['pattern', pattern, theirs.pattern],
    ['words', words.join(' '), [...(theirs.enum ?? [])].sort().join(' ')],
  ] as const;
  return [
    ...limits.flatMap(([what, mine, other]) =>
      mine === other ? [] : [`${path}: ${what} ${other}, not ${mine}`],
    ),
    ...compareInside(model, ours, name, path),
  ];
}

function compareInside(model: ServiceModel, ours: Shape, name: string, path: string): string[] {
  const theirs = model.shape(name);
  if (ours.type === 'list') return compare(model, ours.of, theirs.member?.shape ?? '', `${path}[]`);
  if (ours.type === 'map') {
    const keys: Shape = ours.keys ?? { type: 'string' };
    return [
      ...compare(model, keys, theirs.key?.shape ?? '', `${path} keys`),
      ...compare(model, ours.of, theirs.value?.shape ?? '', `${path} values`),
    ];
  }
  if (ours.type !== 'structure') return [];
  // A member of a query goes by its name there.
  const theirMembers = Object.entries(theirs.members ?? {}).map(
    ([member, { shape, location, locationName }]) =>
      [location === 'querystring' ? (locationName ?? member) : member, shape] as const,
  );
  const known = new Set(theirMembers.map(([member]) => member));
  const named = ours.union === undefined ? undefined : name;
  return [
    ...(path.includes('.') && (theirs.union === true) !== (ours.union !== undefined)
      ? [`${path}: is a union in one of the two`]
      : []),
    ...(named === ours.union ? [] : [`${path}: is called ${named}, not ${ours.union}`]),
    ...theirMembers.flatMap(([member, shape]) => {
      const mine = ours.members[member];
      const at = `${path}.${member}`;
      if (mine === undefined) return [`${at}: is not checked`];
      const isRequired = theirs.required?.includes(member) === true;
      const needed = isRequired === (mine.required === true) ? [] : [`${at}: required by one`];
      return [...needed, ...compare(model, mine, shape, at)];
    }),
    ...Object.keys(ours.members)
      .filter((member) => !known.has(member))
      .map((member) => `${path}.${member}: is not in the model`),
  ];
}
