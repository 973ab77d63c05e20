// The hook in a real Python with a real control plane, before each form of a consumer. Python is
// part of a developer's machine more often than not; where it is missing, that is said.

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { isOneIn } from '../../../../injectors/ambient/event-key.ts';
import { type ControlPlane, startControlPlane } from '../../../fixtures/control-plane.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const hookFolder = here('../../../../injectors/ambient/python');
const billingFolder = here('../../../fixtures/billing');
const path = [hookFolder, billingFolder].join(delimiter);
const python = spawnSync('python3', ['--version']).status === 0;
const options = python ? {} : { skip: 'there is no python3 on the path' };

function startPython(args: readonly string[], env: Readonly<Record<string, string>>) {
  const plain = { PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1', LEAKBED_TOKEN: 'secret' };
  return spawn('python3', args, { env: { ...process.env, ...plain, ...env } });
}

interface Caller {
  readonly child: ChildProcessWithoutNullStreams;
  call(event: string): void;
  nextLine(): Promise<string | undefined>;
}

async function startCaller(t: Test, control: ControlPlane, form: string, target: string) {
  const child = startPython([`${billingFolder}/consumer.py`, form], {
    LEAKBED_BILLING_HOOK: target,
    LEAKBED_CONTROL: control.url,
  });
  t.teardown(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const caller: Caller = {
    child,
    call: (event) => void child.stdin.write(`${event}\n`),
    nextLine: async () => (await lines.next()).value,
  };
  t.equal(await caller.nextLine(), 'ready kept', 'what else the module holds is untouched');
  return caller;
}

async function start(t: Test, form = 'function', target = 'consumer:consume') {
  const control = await startControlPlane();
  t.teardown(control.close);
  return { control, caller: await startCaller(t, control, form, target) };
}

const forms = [
  ['function', 'consumer:consume'],
  ['method', 'consumer:Worker.consume'],
  ['static', 'consumer:Worker.consume_static'],
  ['thread', 'consumer:consume_at_once'],
  ['queue', 'consumer:billing_queue'],
  ['queue', 'asyncio.queues:Queue.get'],
] as const;

for (const [form, target] of forms) {
  test(`a stuck ${form} ${target} holds its calls and gives them on`, options, async (t) => {
    const { control, caller } = await start(t, form, target);
    caller.call('a');
    t.equal(await caller.nextLine(), 'billed a', 'a healthy consumer is untouched');
    t.match(await control.set('stuck'), { calls: 1, waiting: 0 });
    caller.call('b');
    caller.call('c');
    // A switch from stuck to stuck reports what waits without letting it through.
    let waiting = 0;
    while (waiting < 2) ({ waiting } = await control.set('stuck'));
    await control.set('pass');
    const billed = [await caller.nextLine(), await caller.nextLine()];
    t.same(billed.sort(), ['billed b', 'billed c']);
    t.match(await control.set('pass'), { calls: 3, waiting: 0 });
  });
}

test(
  'a consumer told to fail fails every call, and works again when healed',
  options,
  async (t) => {
    const { control, caller } = await start(t);
    await control.set('error');
    caller.call('a');
    t.match(`${await caller.nextLine()}`, /^failed leakbed fault billing-stall \(error\)/);
    await control.set('pass');
    caller.call('b');
    t.equal(await caller.nextLine(), 'billed b');
    t.ok(
      control.tokens.every((token) => token === 'Bearer secret'),
      'every request is authorized',
    );
  },
);

test('a slow consumer is called, later', options, async (t) => {
  const { control, caller } = await start(t);
  await control.set('slow', 20);
  for (const event of ['a', 'b', 'c']) caller.call(event);
  const billed = [await caller.nextLine(), await caller.nextLine(), await caller.nextLine()];
  t.same(billed, ['billed a', 'billed b', 'billed c'], 'one after the other');
});

test('the same events are poisoned as in a Node gateway', options, async (t) => {
  const keys = ['a', 'order-17', 'Grüße 😀', '', 'x'.repeat(100)];
  const code = `
import json, sys
sys.path.append(sys.argv[2])
from leakbed_billing.event_key import is_one_in
print(json.dumps([is_one_in(nth, key) for nth in (1, 2, 3, 10) for key in json.loads(sys.argv[1])]))`;
  const many = [...keys, ...Array.from({ length: 200 }, (_, index) => `id-${index}`)];
  const child = startPython(['-c', code, JSON.stringify(many), hookFolder], {});
  let said = '';
  for await (const chunk of child.stdout) said += String(chunk);
  const expected = [1, 2, 3, 10].flatMap((nth) => many.map((key) => isOneIn(nth, key)));
  t.same(JSON.parse(said), expected);
});

test('a pending poll does not keep a finished gateway alive', options, async (t) => {
  const { control, caller } = await start(t);
  await control.set('pass');
  const exited = once(caller.child, 'exit');
  caller.child.stdin.end();
  t.same((await exited).at(0), 0);
});

const refusals = [
  ['words that are no target', { LEAKBED_BILLING_HOOK: 'x' }, /Cannot hook billing at "x"/],
  ['no control plane', { LEAKBED_CONTROL: '' }, /Cannot hook billing with LEAKBED_CONTROL=""/],
  [
    'a function that does not exist',
    { LEAKBED_BILLING_HOOK: 'consumer:absent' },
    /has no such function or queue/,
  ],
] as const;

for (const [what, env, message] of refusals) {
  test(`${what} ends the start with a sentence that says so`, options, async (t) => {
    const child = startPython([`${billingFolder}/consumer.py`, 'function'], {
      LEAKBED_BILLING_HOOK: 'consumer:consume',
      LEAKBED_CONTROL: 'http://127.0.0.1:9',
      ...env,
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    t.equal(code, 1);
    t.match(said, message);
  });
}
