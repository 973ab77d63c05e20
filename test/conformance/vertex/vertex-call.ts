// A call of @google-cloud/aiplatform as a row: how it is made, what a right answer is, and what the
// fake then serves. One row serves both transports, both API versions and every version of the SDK.

import type { v1, v1beta1 } from '@google-cloud/aiplatform';

export const parent = 'projects/p/locations/us-central1';

/** The package; its two API versions differ in nothing that is used of them here. */
export interface Sdk {
  readonly v1: typeof v1;
  readonly v1beta1: typeof v1beta1;
}

export type Version = 'v1' | 'v1beta1';

type Options = NonNullable<ConstructorParameters<typeof v1.PredictionServiceClient>[0]>;

export function clientsOf(sdk: Sdk, version: Version, options: Options) {
  const api = version === 'v1' ? sdk.v1 : (sdk.v1beta1 as unknown as typeof v1);
  const prediction = new api.PredictionServiceClient(options);
  const tokens = new api.LlmUtilityServiceClient(options);
  const caches = new api.GenAiCacheServiceClient(options);
  const garden = new api.ModelGardenServiceClient(options);
  const all = { prediction, tokens, caches, garden };
  const close = () => Promise.all(Object.values(all).map((client) => client.close()));
  return { version, ...all, close };
}

export type Clients = ReturnType<typeof clientsOf>;

export interface VertexCall {
  /** The operation, and after a comma what is special about the call. */
  readonly name: string;
  /** What the fake serves meanwhile, where it is not the operation once. */
  readonly serves?: readonly string[];
  /** Versions that have it; both unless said. */
  readonly versions?: readonly string[];
  /** Bidirectional streams and raw bodies have no REST form in this SDK. */
  readonly transports?: readonly string[];
  /** What came, reduced to what can be compared. */
  run(clients: Clients): Promise<unknown>;
  /** Literals, patterns, and objects of which only the named fields count. */
  readonly wanted: unknown;
}

export const words = (directive: string) => `[[leakbed ${directive}]]`;

interface Bytes {
  readonly data?: string | Uint8Array | null;
}
export const textOf = ({ data }: Bytes) => Buffer.from((data ?? '') as Uint8Array).toString();

export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const messages: T[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}
