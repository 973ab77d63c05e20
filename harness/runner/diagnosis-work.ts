// Work of a diagnosis that must not outlast its time: done in pieces, so that a gateway that is
// slow, or made slow by being profiled, ends it early and the rest is still told per request.

export interface DiagnosisWork {
  /** Does this many requests and waits for them. */
  readonly work: (count: number) => Promise<void>;
  readonly requestCount: number;
  readonly nowMs: () => number;
}

/** More than the users of a scenario, so that each piece has all of them at work. */
const pieceSize = 24;

/** Goes on until all is done or `untilMs` is past; one piece is done in any case. */
export async function workUntil(
  { work, requestCount, nowMs }: DiagnosisWork,
  untilMs: number,
): Promise<number> {
  let done = 0;
  while (done < requestCount && (done === 0 || nowMs() < untilMs)) {
    const count = Math.min(pieceSize, requestCount - done);
    await work(count);
    done += count;
  }
  return done;
}
