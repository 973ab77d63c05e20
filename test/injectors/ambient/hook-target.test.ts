import { test } from 'tap';
import {
  moduleFacade,
  parseHook,
  parseHookTarget,
  printTarget,
} from '../../../injectors/ambient/hook-target.ts';

test('a target names a function or a method, and prints itself back', async (t) => {
  for (const words of ['billing/consume.ts#consume', 'dist/worker.js#Queue.prototype.take']) {
    t.equal(printTarget(parseHookTarget(words)), words);
  }
});

test('a module matches by whole path segments', async (t) => {
  t.equal(parseHookTarget('consume.ts#consume').pathEnd, '/consume.ts');
  t.equal(parseHookTarget('/consume.ts#consume').pathEnd, '/consume.ts');
});

test('words that name no export are refused with the form that is meant', async (t) => {
  for (const words of ['consume.ts', '#consume', 'a.ts#', 'a.ts#b.c', 'a.ts#b;process.exit()']) {
    t.throws(() => parseHookTarget(words), /it must be <end of path>#<export>/);
  }
});

test('an event and a queue are hooks by their names, whatever stands in those', async (t) => {
  t.same(parseHook('event:usage#1'), { kind: 'event', event: 'usage#1' });
  t.same(parseHook('bullmq:billing'), { kind: 'bullmq', queue: 'billing' });
  t.match(parseHook('bullmq/worker.js#consume'), { kind: 'function', exportName: 'consume' });
});

test('a facade for the default export gates that and no other', async (t) => {
  const facade = moduleFacade(parseHookTarget('a.ts#default'), 'file:///a.ts?x', 'file:///hook.ts');
  t.match(facade, /export default gated\(original\.default/);
  t.match(facade, /export \* from "file:\/\/\/a\.ts\?x"/);
});
