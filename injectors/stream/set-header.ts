// Sets a header of a response head, whatever the case of the name that was there before.

import type { ResponseHead } from '../stream.ts';

export function setHeader(head: ResponseHead, name: string, value: string): ResponseHead {
  const others = Object.entries(head.headers).filter(
    ([given]) => given.toLowerCase() !== name.toLowerCase(),
  );
  return { ...head, headers: { ...Object.fromEntries(others), [name]: value } };
}
