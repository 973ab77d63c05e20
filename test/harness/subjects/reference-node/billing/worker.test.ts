import { test } from 'tap';
import {
  type BillingEvent,
  createBillingQueue,
} from '../../../../../harness/subjects/reference-node/billing/queue.ts';
import { startBillingWorker } from '../../../../../harness/subjects/reference-node/billing/worker.ts';

const usage = { inputTokens: 1, outputTokens: 2, isEstimated: false };

function filledQueue(ids: readonly string[]) {
  const queue = createBillingQueue(0);
  for (const id of ids) {
    const place = queue.reserve(id, 'model');
    if (typeof place !== 'string') place.bill(usage);
  }
  return queue;
}

test('events reach the consumer in the order of their arrival, and leave the queue', async (t) => {
  const queue = filledQueue(['a', 'b', 'c']);
  const seen: string[] = [];
  const consume = async ({ requestId }: BillingEvent) => void seen.push(requestId);
  const worker = startBillingWorker(queue, consume, () => undefined);
  t.equal(await worker.stop(1000), 0);
  t.same(seen, ['a', 'b', 'c']);
  t.same(worker.counts(), { billed: 3, retries: 0 });
});

test('an event whose consumer fails is tried again until it is taken, and once only', async (t) => {
  const queue = filledQueue(['a', 'b']);
  const taken: string[] = [];
  const failures: string[] = [];
  let failuresLeft = 2;
  const consume = async ({ requestId }: BillingEvent) => {
    if (failuresLeft > 0) {
      failuresLeft -= 1;
      throw new Error('refused');
    }
    taken.push(requestId);
  };
  const worker = startBillingWorker(queue, consume, (event) => void failures.push(event.requestId));
  t.equal(await worker.stop(5000), 0);
  t.same(taken, ['a', 'b']);
  t.same(failures, ['a', 'a']);
});

test('a stuck consumer keeps every event in the queue, and the stop says how many', async (t) => {
  const queue = filledQueue(['a', 'b', 'c']);
  const { promise } = Promise.withResolvers<void>();
  const worker = startBillingWorker(
    queue,
    () => promise,
    () => undefined,
  );
  t.equal(await worker.stop(40), 3);
});
