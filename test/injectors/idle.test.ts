// An idle frame says that nothing has come yet: each wire fault hands it on at once, in every
// framing, or a stream from an upstream would stand still behind it.

import { test } from 'tap';
import { seededRng } from '../../injectors/determinism.ts';
import { injectors } from '../../injectors/index.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import {
  complete,
  type Frame,
  type FrameStream,
  type Framing,
  type TransportName,
} from '../../injectors/stream.ts';

const framings: readonly (readonly [Framing, TransportName])[] = [
  ['event-stream', 'http1'],
  ['sse', 'http1'],
  ['json-array', 'http2'],
  ['grpc', 'grpc'],
];
const idle: Frame = { bytes: Buffer.alloc(0), label: 'framing', dueMs: 0, isIdle: true };

for (const { name, example } of injectors) {
  const [bound] = bindFaults([parseFaultWords(example)]).planned;
  const wire = bound?.bound.wire;
  if (wire === undefined) continue;
  test(`${name} hands an idle frame on at once`, async (t) => {
    for (const [framing, transport] of framings) {
      let asked = 0;
      const frames = wire(
        droughts(() => asked++),
        {
          rng: seededRng(1),
          totalEvents: 1000,
          framing,
          transport,
          note: () => {},
        },
      );
      let given = 0;
      // Some go on for ever by themselves, and those that end early have nothing to hand on.
      for (let pulls = 0; pulls < 5000; pulls++) {
        const step = frames.next();
        if (step.done) break;
        if (step.value.isIdle !== true) continue;
        given += 1;
        t.equal(given, asked, `${framing}: an idle frame is late`);
        t.equal(step.value.bytes.length, 0);
      }
    }
  });
}

/** Twenty events, each behind an idle frame; `onIdle` is called whenever one is taken. */
function* droughts(onIdle: () => void): FrameStream {
  for (let event = 0; event < 20; event++) {
    onIdle();
    yield idle;
    yield { bytes: Buffer.from(`{"text":"${event}"}`), label: 'delta', dueMs: 0 };
  }
  return complete;
}
