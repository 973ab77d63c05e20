// A Session: what an operation is while the client still speaks and is already answered. It takes
// bytes and gives turns; each turn is a call like any other, with a script and faults of its own.
//
//   client's bytes ─► Session.receive ─► Turn… ─► settings ─► script ─► frames, one turn at a time

import type { Answer, Call, EncodedFrame } from './provider.ts';
import type { StreamScript } from './script/script.ts';

/** A message in the client's stream that is signed; throws when the signature is wrong. */
export type VerifyEvent = (event: {
  readonly date: Date;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
}) => void;

export interface Turn {
  readonly call: Call;
  answer(script: StreamScript): Answer;
}

export interface Session {
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What these bytes ask for; throws a ProviderError for what the service would refuse. */
  receive(bytes: Buffer): readonly Turn[];
  /** The client has said all; throws when it stopped in the middle of something. */
  end(): void;
  /** An error after the answer began. */
  exception(name: string, message: string): readonly EncodedFrame[];
}
