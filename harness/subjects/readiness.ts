// When is a started gateway ready: when its health address answers. Used with a URL known
// beforehand; a child that chooses its own port announces it on stdout instead.

import { request } from 'undici';
import { sleep } from '../../injectors/determinism.ts';

const pollMs = 50;
const answerTimeoutMs = 2_000;

/** Resolves when GET url answers 2xx; rejects with the signal's reason. */
export async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  while (!(await answersOk(url, signal))) await sleep(pollMs, signal);
}

/** Whether anything at all speaks HTTP there. */
export async function isTaken(url: string): Promise<boolean> {
  return (await statusOf(url, undefined)) !== null;
}

/** Whether anything speaks HTTP there before the limit, or the signal, ends the wait. */
export async function answersWithin(
  url: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  while (!over.aborted) {
    if (await isTaken(url)) return true;
    await sleep(pollMs, over).catch(() => undefined);
  }
  return false;
}

async function answersOk(url: string, signal: AbortSignal): Promise<boolean> {
  const status = await statusOf(url, signal);
  return status !== null && status >= 200 && status < 300;
}

async function statusOf(url: string, signal: AbortSignal | undefined): Promise<number | null> {
  try {
    const { statusCode, body } = await request(url, {
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      reset: true,
      ...(signal === undefined ? {} : { signal }),
    });
    await body.dump();
    return statusCode;
  } catch {
    // Not listening yet, or not HTTP yet: both mean "not ready", and the caller bounds the wait.
    return null;
  }
}

/** The base URL of a line such as {"url":"http://127.0.0.1:4020"}; undefined for other lines. */
export function announcedUrl(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('url' in value)) return undefined;
    return typeof value.url === 'string' && URL.canParse(value.url)
      ? baseUrl(value.url)
      : undefined;
  } catch {
    // A log line that only looks like JSON.
    return undefined;
  }
}

export function baseUrl(url: string): string {
  return url.replace(/\/+$/, '');
}
