// The clients of the table: where each is installed, the program that asks it, and how many cells
// have to pass, so that a suite which ends early or turns a failure into "n.a." is found out.
// Their exact versions are in the lock files beside this: npm/, python/ and go/.

import { fileURLToPath } from 'node:url';

export type Registry = 'npm' | 'boto3' | 'aioboto3' | 'litellm' | 'go';

export interface Expected {
  /** Cells that pass at each of the three doors; more at `https://` where that is said. */
  readonly passed: number;
  readonly passedOverTls?: number;
  /** The protocol the fake must have seen, at `http://` and at `https://`. */
  readonly http: string;
  readonly https: string;
  /** Where the control plane has another; it is a package of its own in the AWS SDK. */
  readonly control?: string;
}

export interface Client {
  readonly name: string;
  readonly registry: Registry;
  /** For suites that take one of several versions. */
  readonly version?: string;
  /** The program's arguments; none for one that was compiled. */
  readonly arguments: readonly string[];
  /** By the name in the table, as one suite may ask a client in several ways. */
  readonly rows: Readonly<Record<string, Expected>>;
}

export const controlPlane: ReadonlySet<string> = new Set([
  'ListFoundationModels',
  'GetFoundationModel',
  'ListInferenceProfiles',
  'GetInferenceProfile',
]);

const http1 = (passed: number): Expected => ({ passed, http: 'http1', https: 'http1' });
const http2 = (passed: number): Expected => ({ passed, http: 'http2', https: 'http2' });
const suite = (relative: string) => fileURLToPath(import.meta.resolve(relative));

export const clients: readonly Client[] = [
  // HTTP/2 is the default of the runtime since 3.798; ApplyGuardrail and others came between
  // 3.600 and 3.797.
  awsJs('newest', { ...http2(23), control: 'http1' }, 23),
  awsJs('3.798', { ...http2(21), control: 'http1' }, 21),
  awsJs('3.797', http1(17), 17),
  awsJs('3.600', http1(14), 14),
  oneRow('@anthropic-ai/bedrock-sdk', 'npm', [suite('./suites/anthropic.ts')], http1(8)),
  oneRow('@ai-sdk/amazon-bedrock', 'npm', [suite('./suites/ai-sdk.ts')], http1(14)),
  oneRow('boto3', 'boto3', [suite('./suites/boto.py'), 'boto3'], http1(22)),
  oneRow('aioboto3', 'aioboto3', [suite('./suites/boto.py'), 'aioboto3'], http1(21)),
  oneRow('LiteLLM', 'litellm', [suite('./suites/litellm_suite.py')], http1(14)),
  // It talks HTTP/2 over TLS alone, and needs it for the bidirectional stream.
  oneRow('AWS SDK Go v2', 'go', [], {
    passed: 22,
    passedOverTls: 23,
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
  return { name, registry: 'npm', version, arguments: [suite('./suites/aws-js.ts')], rows };
}

function oneRow(
  name: string,
  registry: Registry,
  programArguments: readonly string[],
  expected: Expected,
): Client {
  return { name, registry, arguments: programArguments, rows: { [name]: expected } };
}
