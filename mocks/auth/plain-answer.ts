// A whole answer that no script makes and no fault disturbs: a refusal, credentials, an identity.

export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function plainText(status: number, text: string): PlainAnswer {
  return { status, headers: { 'Content-Type': 'text/plain' }, body: Buffer.from(text) };
}

export function plainJson(status: number, value: unknown): PlainAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'Content-Type': 'application/json' }, body };
}
