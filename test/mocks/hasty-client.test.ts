import { test } from 'tap';
import { graceFor } from '../../mocks/hasty-client.ts';

const go = 'aws-sdk-go-v2/1.41.0 ua/2.1 os/linux';

test('the AWS SDK for Go is answered after a moment when its request has a body', async (t) => {
  t.ok(graceFor({ 'user-agent': go, 'content-length': '120' }) >= 5);
});

test('requests without a body, and other clients, are answered at once', async (t) => {
  t.equal(graceFor({ 'user-agent': go }), 0);
  t.equal(graceFor({ 'user-agent': go, 'content-length': '0' }), 0);
  t.equal(graceFor({ 'user-agent': 'aws-sdk-js/3.1164.0', 'content-length': '120' }), 0);
  t.equal(graceFor({ 'content-length': '120' }), 0);
});
