// Google's identity endpoints, on the same port as all else: token endpoint, token exchange,
// impersonation, metadata server, public keys. Served whether or not credentials are verified.

import type { PlainAnswer } from '../plain-answer.ts';
import { type SignedRequest, splitTarget } from '../signed-request.ts';
import { publicKeySet } from './identity-token.ts';
import {
  answerImpersonation,
  type ImpersonationParts,
  isImpersonationPath,
} from './impersonation.ts';
import { answerMetadata, isMetadataRequest } from './metadata-server.ts';
import { answerToken } from './token-endpoint.ts';
import { answerExchange, type ExchangeParts } from './token-exchange.ts';

export interface GoogleEndpointParts extends ExchangeParts, ImpersonationParts {}

/** Today's, and the one that gtoken 7 asks, and with it @google-cloud/vertexai. */
const tokenPaths = ['/token', '/oauth2/v4/token'];

/** Undefined when the request is for none of them. */
export function answerGoogle(
  request: SignedRequest,
  parts: GoogleEndpointParts,
  newId: () => string,
): PlainAnswer | undefined {
  const { path } = splitTarget(request.target);
  if (isMetadataRequest(request, path)) return answerMetadata(request, parts, newId());
  if (tokenPaths.includes(path)) return answerToken(request, parts, newId());
  if (path === '/v1/token') return answerExchange(request, parts, newId());
  if (path === '/oauth2/v3/certs') return publicKeySet(parts.key());
  if (isImpersonationPath(path)) return answerImpersonation(request, path, parts, newId());
  return undefined;
}
