// The example of every fault, as `leakbed faults` shows it, against the real path: on each framing
// it acts, or the journal says why it cannot. Both agree with what the fault declares.

import { test } from 'tap';
import { placeOf } from '../../injectors/family.ts';
import { injectors } from '../../injectors/index.ts';
import type { RegisteredInjector } from '../../injectors/injector.ts';
import { exclusion } from '../../injectors/pipeline.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import type { TransportName } from '../../injectors/stream.ts';
import { type Mocks, startMocks } from '../../mocks/server.ts';
import { type WirePath, wirePaths } from '../fixtures/wire-paths.ts';

const answerFaults = injectors.filter(({ family }) => placeOf(family) === 'answer');

// Many of them wait, so they do it side by side.
test('the example of each fault acts, or says why it does not apply', { jobs: 12 }, async (t) => {
  for (const injector of answerFaults.filter(({ name }) => name !== 'noop')) {
    t.test(injector.example, { buffered: true }, async (example) => {
      const mocks = await startMocks({ port: 0, seed: 5 });
      example.teardown(() => mocks.close());
      const seen: string[] = [];
      for (const path of wirePaths) {
        await askForExample(injector, path, mocks);
        const entry = mocks.journal.since(0).at(-1);
        const notes = entry?.injected.join('; ') ?? '';
        const where = { transport: transportOf(path), framing: path.framing };
        const reason = exclusion(injector, where);
        if (reason === undefined) example.match(notes, `${injector.name}: `, path.name);
        else example.match(notes, `does not apply because ${reason}`, path.name);
        example.same(entry?.faults, [injector.name]);
        seen.push(notes);
      }
      example.ok(
        seen.some((notes) => notes !== '' && !notes.includes('does not apply')),
        'somewhere it acts',
      );
    });
  }
});

/** Longer than any example stalls; what then is still open has nothing more to say. */
const leaveAfterMs = 700;

async function askForExample(
  { name, example, bind }: RegisteredInjector,
  path: WirePath,
  mocks: Mocks,
): Promise<void> {
  const fault = parseFaultWords(example);
  const counts = bind(fault.options ?? {}).fault?.admission !== undefined;
  if (!counts) {
    await path.ask(mocks, { prompt: `chunks=10 fault=${example}` }, leaveAfterMs);
    return;
  }
  mocks.plan.set({ faults: [fault] });
  const before = mocks.journal.lastSequence;
  const isHit = () => mocks.journal.since(before).some(({ faults }) => faults.includes(name));
  while (!isHit()) await path.ask(mocks, { prompt: 'chunks=10' }, leaveAfterMs);
}

function transportOf({ framing, name }: WirePath): TransportName {
  if (framing === 'grpc' || framing === 'websocket') return framing;
  return name.endsWith('HTTP/2') ? 'http2' : 'http1';
}
