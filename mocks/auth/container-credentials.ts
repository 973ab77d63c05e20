// The credentials endpoint of containers, in both shapes: ECS (`/v2/credentials/ID`) and EKS Pod
// Identity (`/v1/credentials`, which wants a token). Source: "Container credential provider" (AWS
// SDKs and Tools Reference Guide).

import { type Accounts, accountId } from './accounts.ts';
import { type PlainAnswer, plainJson } from './plain-answer.ts';
import { headerOf, type SignedRequest, splitTarget } from './signed-request.ts';
import { isoSeconds } from './timestamp.ts';

export interface ContainerParts {
  readonly accounts: Accounts;
  now(): Date;
}

const sessionSeconds = 6 * 3600;

export function isContainerPath(path: string): boolean {
  return path === '/v1/credentials' || /^\/v2\/credentials\/[\w-]+$/.test(path);
}

export function answerContainer(
  request: SignedRequest,
  { accounts, now }: ContainerParts,
  requestId: string,
): PlainAnswer {
  if (request.method !== 'GET') return problem(405, 'MethodNotAllowed', 'Only GET is served here.');
  const isPodIdentity = splitTarget(request.target).path === '/v1/credentials';
  if (isPodIdentity && headerOf(request, 'authorization') === undefined) {
    return problem(400, 'InvalidTokenException', 'No Authorization header was sent.');
  }
  const expiresAt = new Date(now().getTime() + sessionSeconds * 1000);
  const roleArn = `arn:aws:iam::${accountId}:role/leakbed-container`;
  const sessionName = isPodIdentity ? 'eks-leakbed' : 'ecs-leakbed';
  const issued = accounts.temporary.issue({ roleArn, sessionName, expiresAt }, requestId);
  return plainJson(200, {
    ...(!isPodIdentity && { RoleArn: roleArn }),
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    Token: issued.sessionToken,
    Expiration: isoSeconds(issued.expiresAt),
    ...(isPodIdentity && { AccountId: accountId }),
  });
}

function problem(status: number, code: string, message: string): PlainAnswer {
  return plainJson(status, { code, message });
}
