// Which cells a matrix has, and that none is left out without a reason.

import { test } from 'tap';
import { chosenFaults, planCells, repeatMatrix } from '../../../harness/cli/matrix-plan.ts';
import { injectors } from '../../../injectors/index.ts';

const http2 = { provider: 'bedrock', transport: 'http2', framing: 'event-stream' } as const;
const grpc = { provider: 'vertex', transport: 'grpc', framing: 'grpc' } as const;
const names = (cells: readonly { readonly fault: string }[]) =>
  cells.map(({ fault }) => fault.split(';')[0]);

test('every fault is a cell of each way, or left out with its reason', async (t) => {
  const { cells, leftOut } = planCells(chosenFaults({ fault: [] }), [http2, grpc], true);
  t.equal(cells.length + leftOut.length, 2 * injectors.length);
  t.ok(new Set(names(cells)).size >= 70, `${new Set(names(cells)).size} faults`);
  for (const { why } of leftOut) t.ok(why.length > 10, why);
});

test('a fault of gRPC is no cell of HTTP/2, one of billing no cell at all', async (t) => {
  const faults = chosenFaults({ fault: ['no-trailers', 'billing-stall'] });
  const { cells } = planCells(faults, [http2, grpc], true);
  t.same(
    cells.map(({ provider, fault }) => `${provider} ${fault}`),
    ['vertex no-trailers'],
  );
});

test('a fault by its name is its example, with options it is as said', async (t) => {
  t.same(chosenFaults({ fault: ['hang', 'truncate;at=50%'] }), ['hang;at=3', 'truncate;at=50%']);
  t.throws(() => chosenFaults({ fault: ['hangs'] }), /"hangs".*Did you mean "hang"/);
  t.throws(() => chosenFaults({ fault: ['hang;at=soon'] }), /at=soon/);
});

test('only faults of connections need a proxy', async (t) => {
  const { cells } = planCells(chosenFaults({ fault: ['hang', 'tcp-latency'] }), [http2], true);
  t.same(
    cells.map(({ isThroughProxy }) => isThroughProxy),
    [false, true],
  );
});

test('a gateway that runs already meets no fault that needs a proxy', async (t) => {
  const faults = chosenFaults({ fault: ['hang', 'tcp-latency'] });
  const { cells, leftOut } = planCells(faults, [http2], false);
  t.same(names(cells), ['hang']);
  t.match(leftOut, [{ fault: /^tcp-latency/, why: /in a proxy/ }]);
});

test('the command that repeats it names its seed, what was chosen and the gateway', async (t) => {
  const flags = {
    gateway: 'reference',
    provider: ['bedrock'],
    transport: [],
    fault: ['truncate;at=50%'],
    out: 'runs',
  } as const;
  const same = "--provider bedrock --fault 'truncate;at=50%'";
  t.equal(repeatMatrix(flags, 7, []), `npx leakbed matrix --seed 7 --gateway reference ${same}`);
  const { gateway: _, ...rest } = flags;
  const attached = { ...rest, container: 'gw', mocks: 'http://127.0.0.1:1' };
  t.equal(
    repeatMatrix(attached, 7, []),
    `npx leakbed matrix --seed 7 --container gw --mocks http://127.0.0.1:1 ${same}`,
  );
});
