// Found with leakbed: a stream that is cut leaves the timer of its session behind.

import type { Repro } from '../repro/repro.ts';

export const awsCutStreams: Repro = {
  slug: 'aws-cut-streams',
  title: 'A stream that the server cuts keeps its session until a timer of 300 s fires',
  unit: new URL('./units/aws-cut-stream.mjs', import.meta.url),
  packages: ['@aws-sdk/client-bedrock-runtime@3.1164.0'],
  releaseSeconds: 300,
  reference: 'found with leakbed, not reported before',
  published: '2.7 KiB a stream, for 300 s',
  trigger: 'ConverseStream over HTTP/2, and the connection ends halfway',
};
