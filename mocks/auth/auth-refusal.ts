// Why a request may not come in, before any service has spelled it: Bedrock says it as JSON with
// an x-amzn-ErrorType, STS as XML, and each has its own name for the same reason.

export type RefusalReason =
  /** No credentials at all. */
  | 'missing'
  /** Credentials that cannot be read. */
  | 'incomplete'
  /** An access key or session token that nobody issued. */
  | 'unknown-key'
  /** Wrong signature, scope or clock. */
  | 'invalid-signature'
  /** A session token whose time is over. */
  | 'expired-token'
  /** A bearer key that nobody issued. */
  | 'bad-api-key'
  /** The policy says no. */
  | 'denied'
  /** The account has no access to the model. */
  | 'no-model-access';

export class AuthRefusal extends Error {
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = 'AuthRefusal';
    this.reason = reason;
  }
}

/** The same words for a key nobody knows, a wrong token and a token with the wrong key. */
export function unknownKey(): AuthRefusal {
  const message = 'The security token included in the request is invalid.';
  return new AuthRefusal('unknown-key', message);
}

export function signatureMismatch(): AuthRefusal {
  return new AuthRefusal(
    'invalid-signature',
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. ' +
      'Consult the service documentation for details.',
  );
}
