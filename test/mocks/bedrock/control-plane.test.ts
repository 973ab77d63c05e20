// The control plane: models and profiles as the control plane's API shapes them.

import { test } from 'tap';
import { bedrock } from '../../../mocks/bedrock/provider.ts';
import { requestTo, scriptOf } from '../../fixtures/bedrock-answer.ts';

function get(path: string, headers: Record<string, string> = {}) {
  const [rawPath = '', query] = path.split('?');
  const request = {
    ...requestTo(rawPath, ''),
    method: 'GET',
    query: new URLSearchParams(query),
    headers,
  };
  const routed = bedrock.route(request);
  if (routed === undefined) throw new Error(`No operation has the path ${path}.`);
  const { codec } = routed.read().answer(scriptOf());
  return JSON.parse(Buffer.from(codec.finish()[0]?.bytes ?? []).toString());
}

test('models are listed with all that a summary must have', async (t) => {
  const { modelSummaries } = get('/foundation-models');
  t.ok(modelSummaries.length > 20);
  for (const summary of modelSummaries) {
    t.match(summary, {
      modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${summary.modelId}`,
      modelLifecycle: { status: /^(ACTIVE|LEGACY)$/ },
      responseStreamingSupported: Boolean,
    });
  }
});

test('filters leave what they name and nothing else', async (t) => {
  const count = (query: string) => get(`/foundation-models?${query}`).modelSummaries.length;
  const all = count('');
  t.ok(count('byProvider=cohere') > 0 && count('byProvider=cohere') < all);
  t.equal(count('byProvider=nobody'), 0);
  t.equal(count('byCustomizationType=FINE_TUNING'), 0);
  const embedding = get('/foundation-models?byOutputModality=EMBEDDING').modelSummaries;
  t.ok(embedding.length > 0);
  for (const { outputModalities } of embedding) t.same(outputModalities, ['EMBEDDING']);
  t.throws(() => count('byInferenceType=SOMETIMES'), { code: 'validation', message: /enum value/ });
});

test('a model is found by id and by ARN', async (t) => {
  const id = 'amazon.nova-lite-v1:0';
  const byId = get(`/foundation-models/${encodeURIComponent(id)}`).modelDetails;
  t.equal(byId.modelId, id);
  const byArn = get(`/foundation-models/${encodeURIComponent(byId.modelArn)}`).modelDetails;
  t.same(byArn, byId);
  t.throws(() => get('/foundation-models/nobody.nothing'), { code: 'validation' });
});

test('profiles come in pages that join to the whole', async (t) => {
  const all = get('/inference-profiles').inferenceProfileSummaries;
  const found: unknown[] = [];
  let token = '';
  do {
    const next = token === '' ? '' : `&nextToken=${encodeURIComponent(token)}`;
    const page = get(`/inference-profiles?maxResults=7${next}`);
    found.push(...page.inferenceProfileSummaries);
    token = page.nextToken ?? '';
  } while (token !== '' && found.length < 1000);
  t.same(found, all);
  t.same(get('/inference-profiles?type=APPLICATION').inferenceProfileSummaries, []);
  t.throws(() => get('/inference-profiles?nextToken=abc'), {
    message: 'The nextToken is invalid.',
  });
  t.throws(() => get('/inference-profiles?maxResults=0'), {
    message: /greater than or equal to 1/,
  });
});

test('a profile is found by id and by ARN', async (t) => {
  const id = 'eu.anthropic.claude-sonnet-4-20250514-v1:0';
  const profile = get(`/inference-profiles/${encodeURIComponent(id)}`);
  t.match(profile, { inferenceProfileId: id, status: 'ACTIVE', type: 'SYSTEM_DEFINED' });
  t.equal(profile.models.length, 3);
  t.same(get(`/inference-profiles/${encodeURIComponent(profile.inferenceProfileArn)}`), profile);
  t.throws(() => get('/inference-profiles/nobody'), { code: 'not-found' });
});

test('ARNs carry the region of the host that was asked', async (t) => {
  const host = 'bedrock.eu-west-1.amazonaws.com';
  const { modelDetails } = get('/foundation-models/amazon.nova-lite-v1%3A0', { host });
  t.match(modelDetails.modelArn, /^arn:aws:bedrock:eu-west-1::/);
});
