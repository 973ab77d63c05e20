import { test } from 'tap';
import { createBillingQueue } from '../../../../../harness/subjects/reference-node/billing/queue.ts';

const usage = { inputTokens: 1, outputTokens: 2, isEstimated: false };

function reserved(queue: ReturnType<typeof createBillingQueue>, id: string) {
  const place = queue.reserve(id, 'model');
  if (typeof place === 'string') throw new Error(`Refused: ${place}.`);
  return place;
}

test('places in reserve count towards the bound, so events to come always fit', async (t) => {
  const queue = createBillingQueue(2);
  const first = reserved(queue, 'a');
  reserved(queue, 'b');
  t.equal(queue.reserve('c', 'model'), 'full');
  first.bill(usage);
  t.equal(queue.depth(), 1);
  t.equal(queue.reserve('c', 'model'), 'full', 'a billed event still takes its place');
});

test('a place that is given back can be taken by another request', async (t) => {
  const queue = createBillingQueue(1);
  reserved(queue, 'a').release();
  reserved(queue, 'b').bill(usage);
  t.equal(queue.depth(), 1);
});

test('a request id that is under way or waiting is refused as a duplicate', async (t) => {
  const queue = createBillingQueue(0);
  const place = reserved(queue, 'a');
  t.equal(queue.reserve('a', 'model'), 'duplicate');
  place.bill(usage);
  t.equal(queue.reserve('a', 'model'), 'duplicate');
  for (const event of queue.waiting()) queue.settle(event);
  t.type(queue.reserve('a', 'model'), 'object', 'the ledger decides from there on');
});

test('a place is billed once, and releasing it afterwards takes nothing back', async (t) => {
  const queue = createBillingQueue(0);
  const place = reserved(queue, 'a');
  place.bill(usage);
  place.bill(usage);
  place.release();
  t.same([...queue.waiting()], [{ requestId: 'a', model: 'model', ...usage }]);
});

test('a bound of 0 takes any number of events', async (t) => {
  const queue = createBillingQueue(0);
  for (let index = 0; index < 5000; index++) reserved(queue, `r${index}`).bill(usage);
  t.equal(queue.depth(), 5000);
});
