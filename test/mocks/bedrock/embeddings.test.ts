// Embeddings through InvokeModel: Cohere v3 and Titan v2.

import { test } from 'tap';
import { answerTo, bodyOf, pathOf } from '../../fixtures/bedrock-answer.ts';

const cohere = pathOf('cohere.embed-english-v3', 'invoke');
const titan = pathOf('amazon.titan-embed-text-v2:0', 'invoke');
const cohereBody = (count: number) => ({
  texts: Array.from({ length: count }, (_, index) => `Text ${index}`),
  input_type: 'search_document',
});

test('Cohere gives one unit vector of 1024 numbers for each text', async (t) => {
  const { value } = bodyOf(cohere, cohereBody(96));
  t.same(Object.keys(value), ['embeddings', 'id', 'response_type', 'texts']);
  t.equal(value.response_type, 'embeddings_floats');
  t.equal(value.embeddings.length, 96);
  t.equal(value.texts[1], 'text 1');
  for (const vector of value.embeddings) {
    if (vector.length !== 1024 || Math.abs(Math.hypot(...vector) - 1) > 1e-6) t.fail('no unit');
  }
});

test('Cohere gives vectors by type when types are asked for', async (t) => {
  const types = ['float', 'int8', 'uint8', 'binary', 'ubinary'];
  const { value } = bodyOf(cohere, { ...cohereBody(2), embedding_types: types });
  t.equal(value.response_type, 'embeddings_by_type');
  const lengths = types.map((type) => value.embeddings[type][0].length);
  t.same(lengths, [1024, 1024, 1024, 128, 128]);
  const within = (type: string, low: number, high: number) =>
    value.embeddings[type][0].every((n: number) => Number.isInteger(n) && n >= low && n <= high);
  t.ok(within('int8', -127, 127));
  t.ok(within('uint8', 0, 255));
  t.ok(within('binary', -128, 127));
  t.ok(within('ubinary', 0, 255));
});

test('Titan gives the dimensions asked for, 1024 if none', async (t) => {
  const usual = bodyOf(titan, { inputText: 'Hello world' }).value;
  t.same(Object.keys(usual), ['embedding', 'embeddingsByType', 'inputTextTokenCount']);
  t.equal(usual.embedding.length, 1024);
  t.same(usual.embeddingsByType.float, usual.embedding);
  t.equal(usual.inputTextTokenCount, 3);
  t.equal(bodyOf(titan, { inputText: 'Hi', dimensions: 256 }).value.embedding.length, 256);
});

test('a text has the same vector in every request, another text another', async (t) => {
  const vectorOf = (inputText: string) => bodyOf(titan, { inputText }).value.embedding;
  t.same(vectorOf('one'), vectorOf('one'));
  t.notSame(vectorOf('one'), vectorOf('two'));
});

test('the word dims overrides the usual size', async (t) => {
  t.equal(bodyOf(titan, { inputText: 'Hi' }, { dims: 7 }).value.embedding.length, 7);
});

test('headers count the input only', async (t) => {
  const { headers } = answerTo(titan, { inputText: 'Hello' });
  t.ok('X-Amzn-Bedrock-Input-Token-Count' in headers);
  t.notOk('X-Amzn-Bedrock-Output-Token-Count' in headers);
});

const refusals: readonly (readonly [
  what: string,
  path: string,
  body: unknown,
  violation: string,
])[] = [
  ['97 texts', cohere, cohereBody(97), '#/texts: expected maximum item count: 96, found: 97'],
  ['no texts', cohere, cohereBody(0), '#/texts: expected minimum item count: 1, found: 0'],
  ['no input type', cohere, { texts: ['a'] }, '#: required key [input_type] not found'],
  [
    'an unknown input type',
    cohere,
    { texts: ['a'], input_type: 'poem' },
    '#/input_type: poem is not a valid enum value',
  ],
  [
    'a number among the texts',
    cohere,
    { texts: ['a', 5], input_type: 'clustering' },
    '#/texts/1: expected type: String, found: Integer',
  ],
  [
    'a text of 2049 characters',
    cohere,
    { texts: ['a'.repeat(2049)], input_type: 'clustering' },
    '#/texts/0: expected maxLength: 2048, actual: 2049',
  ],
  ['no text', titan, {}, '#: required key [inputText] not found'],
  ['an empty text', titan, { inputText: '' }, '#/inputText: expected minLength: 1, actual: 0'],
  [
    '300 dimensions',
    titan,
    { inputText: 'a', dimensions: 300 },
    '#/dimensions: 300 is not a valid enum value',
  ],
  [
    'an unknown key',
    titan,
    { inputText: 'a', color: 'red' },
    '#: extraneous key [color] is not permitted',
  ],
];

for (const [what, path, body, violation] of refusals) {
  test(`${path.includes('cohere') ? 'Cohere' : 'Titan'} refuses ${what}`, async (t) => {
    t.throws(() => answerTo(path, body), {
      code: 'validation',
      message: `Malformed input request: ${violation}, please reformat your input and try again.`,
    });
  });
}
