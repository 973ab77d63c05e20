// The clients of Vertex AI: the program that asks each, and how many cells have to pass. Their
// exact versions are in the lock files beside this: npm/, python/ and go/.

import { fileURLToPath } from 'node:url';
import { type Client, type Expected, oneRow } from '../../clients/client.ts';
import { go, npm, python, type Recipe } from '../../clients/install.ts';

const here = (name: string) => new URL(name, import.meta.url);
const js = npm(here('./npm/'));
const cloud = python(here('./python/aiplatform.txt'));
const suite = (relative: string) => fileURLToPath(import.meta.resolve(relative));

/** A session begins with an upgrade. */
const live = {
  operations: new Set(['Live', 'Live, sound', 'Live, tool']),
  protocol: 'http1+websocket',
};
const overGrpc = (passed: Expected['passed']): Expected => ({
  passed,
  http: 'grpc',
  https: 'grpc',
});
const http1 = (passed: Expected['passed']): Expected => ({
  passed,
  http: 'http1',
  https: 'http1',
  apart: live,
});

export const clients: readonly Client[] = [
  aiplatform('7', 28, 20),
  aiplatform('6', 28, 20),
  genai('3', 17),
  genai('2', 17),
  oneRow(
    '@google-cloud/vertexai',
    js,
    [suite('./suites/vertexai.ts')],
    http1({ 'https verified': 8 }),
    'the SDK speaks Gemini alone',
  ),
  oneRow(
    '@anthropic-ai/vertex-sdk',
    js,
    [suite('./suites/anthropic.ts')],
    http1(7),
    'the SDK speaks Messages alone',
  ),
  oneRow('AI SDK', js, [suite('./suites/ai-sdk.ts')], http1(15), 'the AI SDK has no such call'),
  {
    name: 'google-cloud-aiplatform',
    recipe: cloud,
    arguments: [suite('./suites/aiplatform.py')],
    lacks: 'the package has no such call',
    rows: {
      'google-cloud-aiplatform, gRPC': overGrpc(26),
      'google-cloud-aiplatform, gRPC asyncio': overGrpc(26),
      'google-cloud-aiplatform, REST': http1(18),
    },
  },
  {
    name: 'vertexai (Python)',
    recipe: cloud,
    arguments: [suite('./suites/vertexai_suite.py')],
    lacks: 'the package speaks Gemini alone',
    rows: {
      'vertexai (Python), gRPC': overGrpc({ 'https verified': 10 }),
      'vertexai (Python), REST': http1(10),
    },
  },
  googleGenai('google-genai', python(here('./python/google-genai.txt'))),
  // What google-cloud-aiplatform asks for, the major before.
  googleGenai('google-genai 2', cloud),
  oneRow(
    'LiteLLM',
    python(here('../../clients/python/litellm.txt')),
    [suite('./suites/litellm_suite.py')],
    http1(19),
    'the library has no such call',
  ),
  {
    name: 'Go',
    recipe: go(here('./go/'), ['main.go', 'genai.go', 'live.go', 'aiplatform.go', 'tensors.go']),
    arguments: [],
    lacks: 'the module has no such call',
    rows: {
      // Over TLS it talks HTTP/2.
      'Go, genai': { ...http1(16), https: 'http2' },
      'Go, aiplatform': overGrpc(26),
    },
  },
];

/** Over gRPC, and over REST, which has no bidirectional streams and no raw bodies. */
function aiplatform(version: string, grpc: number, rest: number): Client {
  const name = `@google-cloud/aiplatform ${version}`;
  const rows = { [`${name}, gRPC`]: overGrpc(grpc), [`${name}, REST`]: http1(rest) };
  const lacks = 'the SDK has no such call';
  return { name, recipe: js, version, arguments: [suite('./suites/aiplatform.ts')], rows, lacks };
}

function genai(version: string, passed: number): Client {
  const name = `@google/genai ${version}`;
  const lacks = 'the SDK speaks Gemini alone';
  return { ...oneRow(name, js, [suite('./suites/genai.ts')], http1(passed), lacks), version };
}

/** Waited for and not; the Live API is for those who do not wait. */
function googleGenai(name: string, recipe: Recipe): Client {
  const rows = { [`${name}, sync`]: http1(14), [`${name}, async`]: http1(17) };
  const lacks = 'the package speaks Gemini alone';
  return { name, recipe, arguments: [suite('./suites/genai.py')], rows, lacks };
}
