// `leakbed mocks` says where its dashboard is, in words and in its one document, and all files that
// the page asks for are there.

import { test } from 'tap';
import { startCommandLine } from '../../fixtures/command-line.ts';

test('the fakes print the address of a dashboard that is whole', async (t) => {
  const mocks = startCommandLine(t, ['mocks', '--port', '0', '--json']);
  await mocks.untilSaid(/Dashboard: http/);
  const [, url = ''] = /Dashboard: (http\S+)/.exec(mocks.stderr) ?? [];
  const waiting = [''];
  const seen = new Set(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const answer = await fetch(new URL(path, url));
    t.equal(answer.status, 200, path);
    t.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
    const text = await answer.text();
    const named = [...text.matchAll(/(?:href|src)="(page\/[^"]+)"|from '\.\/([\w-]+\.js)'/g)];
    for (const [, inPage, imported] of named) {
      const next = inPage ?? `page/${imported}`;
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
    }
  }
  t.ok(seen.size > 25, `${seen.size} files`);
  t.equal((await fetch(new URL('page/nothing.js', url))).status, 404);
  t.equal((await fetch(url.slice(0, -1))).url, url, 'without the slash one is sent there');
  mocks.signal('SIGTERM');
  const { stdout } = await mocks.ended;
  t.equal(JSON.parse(stdout).dashboardUrl, url);
});
