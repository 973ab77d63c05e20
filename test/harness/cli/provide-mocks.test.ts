// Where a run's fake providers are: those that were named, or some of its own.

import { test } from 'tap';
import { provideMocks } from '../../../harness/cli/provide-mocks.ts';
import { controlClient } from '../../../harness/runner/control-client.ts';

const started = { kind: 'reference', leak: undefined } as const;
const running = { kind: 'pid', pid: 1, url: 'http://127.0.0.1:1' } as const;

test('fakes that were named are used as they are, by a gateway that runs already too', async (t) => {
  await using stack = new AsyncDisposableStack();
  const mocks = 'http://127.0.0.1:9';
  for (const gateway of [started, running]) {
    const fakes = await provideMocks({ mocks }, gateway, 1, stack);
    t.equal(fakes.url, mocks);
    t.match(Object.values(fakes.environment).join(' '), mocks, 'SDKs are told of them');
  }
});

test('a gateway that is started gets fakes of its own, which end with the run', async (t) => {
  const stack = new AsyncDisposableStack();
  const { url } = await provideMocks({}, started, 1, stack);
  const control = controlClient(url, process.env.LEAKBED_TOKEN);
  await control.health();
  await stack.disposeAsync();
  await t.rejects(control.health(), /Cannot reach the fake providers/);
});
