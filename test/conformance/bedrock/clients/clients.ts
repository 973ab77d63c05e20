// The clients of Bedrock: the program that asks each, and how many cells have to pass. Their exact
// versions are in the lock files beside this: npm/, python/ and go/.

import { fileURLToPath } from 'node:url';
import { type Client, type Expected, oneRow } from '../../clients/client.ts';
import { go, npm, python } from '../../clients/install.ts';

const controlPlane: ReadonlySet<string> = new Set([
  'ListFoundationModels',
  'GetFoundationModel',
  'ListInferenceProfiles',
  'GetInferenceProfile',
]);

const http1 = (passed: number): Expected => ({ passed, http: 'http1', https: 'http1' });
const http2 = (passed: number): Expected => ({ passed, http: 'http2', https: 'http2' });
const here = (name: string) => new URL(name, import.meta.url);
const js = npm(here('./npm/'));
const suite = (relative: string) => fileURLToPath(import.meta.resolve(relative));

/** The control plane is a package of its own, which stayed with HTTP/1.1. */
const overHttp2 = (passed: number): Expected => ({
  ...http2(passed),
  apart: { operations: controlPlane, protocol: 'http1' },
});

export const clients: readonly Client[] = [
  // HTTP/2 is the default of the runtime since 3.798; ApplyGuardrail and others came between
  // 3.600 and 3.797.
  awsJs('newest', overHttp2(23), 23),
  awsJs('3.798', overHttp2(21), 21),
  awsJs('3.797', http1(17), 17),
  awsJs('3.600', http1(14), 14),
  oneRow('@anthropic-ai/bedrock-sdk', js, [suite('./suites/anthropic.ts')], http1(8)),
  oneRow('@portkey-ai/gateway', js, [suite('./suites/portkey.ts')], http1(9)),
  oneRow('@ai-sdk/amazon-bedrock', js, [suite('./suites/ai-sdk.ts')], http1(14)),
  oneRow(
    'boto3',
    python(here('./python/boto3.txt')),
    [suite('./suites/boto.py'), 'boto3'],
    http1(22),
  ),
  oneRow(
    'aioboto3',
    python(here('./python/aioboto3.txt')),
    [suite('./suites/boto.py'), 'aioboto3'],
    http1(21),
  ),
  oneRow(
    'LiteLLM',
    python(here('../../clients/python/litellm.txt')),
    [suite('./suites/litellm_suite.py')],
    http1(14),
  ),
  // It talks HTTP/2 over TLS alone, and needs it for the bidirectional stream.
  oneRow('AWS SDK Go v2', go(here('./go/'), ['main.go', 'cells.go']), [], {
    passed: { http: 22, 'http verified': 22, 'https verified': 23 },
    http: 'http1',
    https: 'http2',
  }),
];

function awsJs(version: string, byDefault: Expected, passed: number): Client {
  const name = `AWS SDK JS ${version}`;
  const rows = {
    [`${name}, default`]: byDefault,
    [`${name}, NodeHttp2Handler`]: http2(passed),
    [`${name}, NodeHttpHandler`]: http1(passed),
  };
  return { name, recipe: js, version, arguments: [suite('./suites/aws-js.ts')], rows };
}
