// Clients that cannot bear an answer as fast as loopback gives it. Go's net/http closes the
// connection when the request's body fails after its last byte was sent, and the AWS SDK for Go
// takes that body back as soon as the response's head is there. Between the two lies one turn of a
// goroutine: no real service is that fast, a fake is, and one call in 30 breaks on a busy machine
// ("use of closed network connection"). HTTP/2 and requests without a body are not concerned.

import type { IncomingHttpHeaders } from 'node:http';

/** Long enough for a goroutine to be scheduled on a busy machine; shorter than any real answer. */
const graceMs = 10;

/** Milliseconds that the answer to an HTTP/1.1 request has to wait. */
export function graceFor(headers: IncomingHttpHeaders): number {
  const hasBody = headers['content-length'] !== undefined && headers['content-length'] !== '0';
  return hasBody && headers['user-agent']?.startsWith('aws-sdk-go') === true ? graceMs : 0;
}
