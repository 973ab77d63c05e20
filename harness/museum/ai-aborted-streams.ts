// Two listeners on a composite signal, which Node keeps alive as long as it has any.

import type { Repro } from '../repro/repro.ts';

export const aiAbortedStreams: Repro = {
  slug: 'ai-aborted-streams',
  title: 'streamText keeps all of a call that was aborted through AbortSignal.any()',
  unit: new URL('./units/ai-aborted-stream.mjs', import.meta.url),
  packages: ['ai@6.0.265', '@ai-sdk/amazon-bedrock@4.0.100'],
  fixed: ['ai@6.0.266'],
  // Later versions of Node let go of a composite signal once it was aborted. This one keeps 0.2 KB
  // of each, whatever the SDK does.
  node: '22.14.0',
  tolerates: { bytes: 1024 },
  reference: 'https://github.com/vercel/ai/issues/19367',
  published: 'all state of a call; no size given',
  trigger: 'streamText, aborted in mid-stream through AbortSignal.any()',
};
