// The clients of Vertex AI: the program that asks each, and how many cells have to pass. Their exact
// versions are in the lock files beside this: npm/, python/ and go/.

import { fileURLToPath } from 'node:url';
import { type Client, type Expected, oneRow } from '../../clients/client.ts';
import { npm } from '../../clients/install.ts';

const here = (name: string) => new URL(name, import.meta.url);
const js = npm(here('./npm/'));
const suite = (relative: string) => fileURLToPath(import.meta.resolve(relative));

/** A session begins with an upgrade. */
const live = {
  operations: new Set(['Live', 'Live, sound', 'Live, tool']),
  protocol: 'http1+websocket',
};
const overGrpc = (passed: number): Expected => ({ passed, http: 'grpc', https: 'grpc' });
const http1 = (passed: Expected['passed']): Expected => ({
  passed,
  http: 'http1',
  https: 'http1',
  apart: live,
});

export const clients: readonly Client[] = [
  aiplatform('7', 26, 18),
  aiplatform('6', 26, 18),
  genai('3', 17),
  genai('2', 17),
  oneRow(
    '@google-cloud/vertexai',
    js,
    [suite('./suites/vertexai.ts')],
    http1({ https: 8 }),
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
