// Node options go to the process that matters, not to what wraps it.

import { test } from 'tap';
import { withNodeOptions } from '../../../harness/subjects/node-options.ts';

const options = { inspect: true, nodeArgs: ['--import', 'file:///a b.ts'] };

test('node itself gets them as arguments, before its script', async (t) => {
  const line = withNodeOptions(['/opt/bin/node', 'app.js'], {}, options);
  t.strictSame(line.args, ['--inspect=127.0.0.1:0', '--import', 'file:///a b.ts', 'app.js']);
  t.strictSame(line.env, {});
});

test('a wrapper passes on options that open no inspector in it', async (t) => {
  const env = { NODE_OPTIONS: '--max-old-space-size=100' };
  const line = withNodeOptions(['npm', 'start'], env, options);
  t.strictSame(line.args, ['start']);
  t.equal(
    line.env.NODE_OPTIONS,
    '--max-old-space-size=100 --inspect-port=127.0.0.1:0 --import "file:///a b.ts"',
  );
});

test('with nothing to pass on the environment stays as it is', async (t) => {
  const line = withNodeOptions(['npm', 'start'], {}, { inspect: false, nodeArgs: [] });
  t.strictSame(line.env, {});
});
