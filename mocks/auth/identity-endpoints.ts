// Where SDKs get credentials from, on the same port as all else: STS, instance metadata, container
// credentials. Served whether or not signatures are verified, so that default credential chains
// find something offline in either case.

import type { Accounts } from './accounts.ts';
import { answerContainer, isContainerPath } from './container-credentials.ts';
import { answerImds, isImdsPath } from './imds.ts';
import type { PlainAnswer } from './plain-answer.ts';
import { type SignedRequest, splitTarget } from './signed-request.ts';
import { answerSts, readStsCall } from './sts.ts';

export interface IdentityParts {
  readonly accounts: Accounts;
  readonly isVerifying: boolean;
  now(): Date;
}

/** Undefined when the request is for none of them. */
export function answerIdentity(
  request: SignedRequest,
  parts: IdentityParts,
  newId: () => string,
): PlainAnswer | undefined {
  const { path } = splitTarget(request.target);
  if (isImdsPath(path)) return answerImds(request, parts, newId());
  if (isContainerPath(path)) return answerContainer(request, parts, newId());
  const call = readStsCall(request);
  return call && answerSts(request, call, parts, newId());
}

/** The variables that let a default credential chain find its credentials here. */
export function identityEnvironment(url: string): Readonly<Record<string, string>> {
  const { host } = new URL(url);
  return {
    AWS_ENDPOINT_URL_STS: url,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v2/credentials/leakbed`,
    // Python looks for a metadata server at the address, all others at the host; JavaScript would
    // ask two of them and wait.
    GCE_METADATA_HOST: host,
    GCE_METADATA_IP: host,
    METADATA_SERVER_DETECTION: 'assume-present',
  };
}
