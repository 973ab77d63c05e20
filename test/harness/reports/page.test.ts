// The report in a real browser: its scripts pass its own content policy, every plot is drawn, and
// nothing is wider than a phone. Skipped where no Chromium is installed.

import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Test, test } from 'tap';
import { htmlReport } from '../../../harness/reports/html.ts';
import { buildLeakVerdict, buildRecord, buildVerdict } from '../../fixtures/record.ts';

const browser = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((n) => join(folder, n)),
  )
  .find(existsSync);
const skip = browser === undefined ? 'no Chromium in PATH' : false;

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-logging=stderr',
  // Lets the outer page of the phone test look into its frame.
  '--allow-file-access-from-files',
];

/** The document after its scripts ran, and what the console said. */
async function load(t: Test, pages: Record<string, string>, name: string) {
  const dir = t.testdir({ profile: {} });
  for (const [file, text] of Object.entries(pages)) writeFileSync(join(dir, file), text);
  const flags = [...quiet, `--user-data-dir=${join(dir, 'profile')}`, '--dump-dom'];
  const { stdout, stderr } = await promisify(execFile)(
    browser ?? '',
    [...flags, `file://${join(dir, name)}`],
    { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 },
  );
  return { dom: stdout, consoleLines: stderr.split('\n').filter((line) => /CONSOLE/.test(line)) };
}

const runs = [
  { verdict: buildVerdict(), record: buildRecord({ withQueue: true }) },
  { verdict: buildLeakVerdict(), record: buildRecord({ heapBytesPerRequest: 1024 }) },
];

test('every plot is drawn and the content policy stops none of the scripts', {
  skip,
}, async (t) => {
  const { dom, consoleLines } = await load(t, { 'report.html': htmlReport(runs) }, 'report.html');
  t.same(consoleLines, []);
  const plots = dom.match(/<div class="plot"/g)?.length ?? 0;
  t.ok(plots >= 17, `${plots} plots`);
  t.equal(dom.match(/<canvas/g)?.length, plots);
});

test('a script that got past the escaping would not run', { skip }, async (t) => {
  const html = htmlReport(runs).replace(
    '</main>',
    '<script>document.title = "owned"</script></main>',
  );
  const { dom, consoleLines } = await load(t, { 'report.html': html }, 'report.html');
  t.match(dom, '<script>document.title = "owned"</script>', 'it was in the page');
  t.notMatch(dom, '<title>owned');
  t.match(consoleLines[0], /Content Security Policy/);
});

test('at 390 pixels the page scrolls in one direction only', { skip }, async (t) => {
  // In a frame, because a headless window cannot be that narrow.
  const frame = `<iframe src="report.html" style="width:390px;height:600px;border:0"></iframe>
<script>onload = () => {
  const inner = document.querySelector('iframe').contentDocument.documentElement;
  document.body.dataset.size = inner.scrollWidth + ' in ' + inner.clientWidth;
};</script>`;
  const pages = { 'report.html': htmlReport(runs), 'frame.html': frame };
  const { dom } = await load(t, pages, 'frame.html');
  const size = /data-size="(\d+) in (\d+)"/.exec(dom);
  t.ok(size !== null && size[1] === size[2], `content ${size?.[0]}`);
});
