// What a signature covers, as it came over the wire: nothing decoded, joined or sorted yet.

export interface SignedRequest {
  readonly method: string;
  /** Path and query as sent, with any prefix in front of the service's own path. */
  readonly target: string;
  /** Names and values in turn, as sent; over HTTP/2 with the pseudo-headers. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  if (mark < 0) return { path: target, query: '' };
  return { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** All values of a header joined with commas, or undefined; names are compared without case. */
export function headerOf(request: SignedRequest, name: string): string | undefined {
  const values: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const value = request.rawHeaders[index + 1];
    if (request.rawHeaders[index]?.toLowerCase() === name && value !== undefined) {
      values.push(value);
    }
  }
  return values.length === 0 ? undefined : values.join(',');
}

/** The authority the client asked for: HTTP/2 has it as a pseudo-header. */
export function hostOf(request: SignedRequest): string {
  return headerOf(request, 'host') ?? headerOf(request, ':authority') ?? '';
}
