// Addresses as Toxiproxy writes them, and Go's words for those that are none.

import { test } from 'tap';
import { parseAddress, printAddress, resolveAddress } from '../../../injectors/tcp/address.ts';

test('addresses are read and printed back', async (t) => {
  for (const text of ['127.0.0.1:80', '[::1]:80', 'db.internal:5432', ':8080']) {
    t.equal(printAddress(parseAddress(text)), text);
  }
  t.same(await resolveAddress(':8080'), { host: '::', port: 8080 });
  t.same(await resolveAddress('localhost:1'), { host: '127.0.0.1', port: 1 });
});

test('what is no address is refused in the words of Go', async (t) => {
  const wanted: Readonly<Record<string, string>> = {
    local373: 'address local373: missing port in address',
    '::1:80': 'address ::1:80: too many colons in address',
    'a:99999': 'address 99999: invalid port',
    'a:http!': 'lookup tcp/http!: unknown port',
  };
  for (const [text, message] of Object.entries(wanted)) {
    t.throws(() => parseAddress(text), { message });
  }
});
