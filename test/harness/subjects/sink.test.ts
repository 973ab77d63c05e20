// Which sinks a proxy can stand before, and how a run is told of one that it cannot.

import { test } from 'tap';
import { UsageError } from '../../../harness/cli/exit-codes.ts';
import { chosenSink } from '../../../harness/cli/profiled-run.ts';
import { sinkAddress } from '../../../harness/subjects/sink.ts';

test('a port that is not named is that of the protocol', async (t) => {
  t.equal(sinkAddress('postgres://me@db/bills'), 'db:5432');
  t.equal(sinkAddress('redis://[::1]'), '[::1]:6379');
  t.equal(sinkAddress('https://db:8443/x'), 'db:8443');
});

for (const [url, message] of [
  ['not a URL', /"not a URL": it is no URL with a host/],
  ['localhost:5432', /"localhost:5432": it is no URL with a host/],
  ['https://bills.example/x', /before https:\/\/bills\.example: which port it has is not known/],
] as const) {
  test(`the sink ${url} is wrong usage, and told before anything starts`, async (t) => {
    const flags = { fault: [], scale: 'smoke', out: 'runs' } as const;
    const choose = () =>
      chosenSink(
        { ...flags, sink: { variable: 'DB', url } },
        { kind: 'reference', leak: undefined },
      );
    t.throws(choose, UsageError);
    t.throws(choose, { message });
  });
}
