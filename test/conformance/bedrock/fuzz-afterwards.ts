// The server after the storm: it answers, holds no stream, no socket and no memory of it.

import { sleep } from '../../../injectors/determinism.ts';
import type { MocksProcess } from '../../fixtures/mocks-process.ts';
import { bedrockPath, converseBody, http1Request, rawHttp1 } from '../../fixtures/raw-clients.ts';

/** The listening socket and a keep-alive one of ours may come and go. */
const spareDescriptors = 3;
/**
 * Without a limit V8 lets garbage grow to hundreds of MiB before it collects, and a leak would hide
 * in that. With this one, a leak of a kilobyte per request ends the process before the last one.
 */
export const smallHeap = ['--max-old-space-size=96', '--max-semi-space-size=8'];
/** What the small heap may still grow into, and what malloc keeps of sixteen bodies of 400 KB. */
const spareBytes = 64 * 1024 ** 2;

export async function checkAfterwards(
  mocks: MocksProcess,
  before: { readonly rssBytes: number; readonly fdCount: number },
): Promise<readonly string[]> {
  const complaints: string[] = [];
  const request = http1Request(bedrockPath('converse'), converseBody('[[leakbed chunks=2]]'));
  const [answer] = await rawHttp1(mocks, request);
  if (answer?.status !== 200) complaints.push(`afterwards status ${answer?.status}`);
  const isOver = async () =>
    (await mocks.inFlight()).length === 0 && mocks.fdCount() <= before.fdCount + spareDescriptors;
  for (let turn = 0; turn < 100 && !(await isOver()); turn++) await sleep(100);
  const inFlight = (await mocks.inFlight()).length;
  if (inFlight > 0) complaints.push(`${inFlight} streams in flight`);
  const fdCount = mocks.fdCount();
  if (fdCount > before.fdCount + spareDescriptors) {
    complaints.push(`${fdCount} descriptors, ${before.fdCount} before`);
  }
  const grownBytes = mocks.rssBytes() - before.rssBytes;
  if (grownBytes > spareBytes) complaints.push(`${grownBytes} bytes more than before`);
  return complaints;
}
