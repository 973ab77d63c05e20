// Faults of the response that change the head of an answer.

import { test } from 'tap';
import { headWith, plainHead } from '../../fixtures/disturbed-head.ts';

test('a late head moves all of the answer', async (t) => {
  const { head, notes } = headWith(['slow-headers;for=2s']);
  t.same(head, { ...plainHead, dueMs: 2005 });
  t.same(notes, ['slow-headers: head 2000 ms late']);
});

test('a status says when to try again in whole seconds, and over gRPC not in the head', async (t) => {
  const words = ['status;code=429;retry-after=1500ms'];
  t.same(headWith(words).head.headers, { ...plainHead.headers, 'Retry-After': '2' });
  t.same(headWith(words, 'grpc').head, plainHead);
  t.same(headWith(['status;code=429']).head, plainHead);
});

test('HTML takes the place of the head as well', async (t) => {
  const { status, headers } = headWith(['html-error;code=503']).head;
  t.equal(status, 503);
  t.same(Object.keys(headers), ['Content-Type', 'Content-Length']);
});

test('a redirect names the place, made fit for a header', async (t) => {
  const { status, headers } = headWith(['redirect;code=308;to=/ä']).head;
  t.same([status, headers.Location], [308, '/%C3%A4']);
});

test('a bomb is announced as gzip, in the words of its transport', async (t) => {
  t.match(headWith(['gzip-bomb']).head.headers, { 'content-encoding': 'gzip' });
  t.match(headWith(['gzip-bomb'], 'grpc').head.headers, { 'grpc-encoding': 'gzip' });
});

test('a closing connection is a header of HTTP/1.1 only', async (t) => {
  t.match(headWith(['connection-close']).head.headers, { Connection: 'close' });
  t.same(headWith(['connection-close'], 'http2').head, plainHead);
});

test('no fault of the head touches an answer on a WebSocket', async (t) => {
  const words = ['slow-headers', 'header-bomb', 'clock-skew', 'html-error'];
  t.same(headWith(words, 'websocket'), { head: plainHead, notes: [] });
});
