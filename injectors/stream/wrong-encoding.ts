// A body that is declared as compressed and is not, as after a proxy that unpacked it and left the
// header: clients decompress what was never compressed.

import { defineInjector } from '../injector.ts';
import { choice } from '../options.ts';
import { needsOwnHead } from './needs-head.ts';
import { setHeader } from './set-header.ts';

export const wrongEncoding = defineInjector({
  name: 'wrong-encoding',
  family: 'stream',
  summary: 'Declares a compression that the body does not have.',
  options: { encoding: choice(['gzip', 'deflate', 'br'], 'gzip', 'what is declared') },
  example: 'wrong-encoding',
  notOn: { ...needsOwnHead, grpc: 'each of its messages says whether it is compressed' },
  explain: ({ encoding }) => `declares ${encoding}`,
  head: (head, { encoding }, context) => {
    context.note(`declared as ${encoding}`);
    return setHeader(head, 'Content-Encoding', encoding);
  },
});
