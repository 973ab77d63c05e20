// What leakbed tells a real Prometheus: its rules load and hold, its pages are scraped, each
// panel of the dashboard shows something of a run, and a planted leak fires the alert, a clean
// gateway none. Two minutes: two runs of the smoke scenario.

import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { t as root, type Test, test } from 'tap';
import { sleep, within } from '../../../injectors/determinism.ts';
import { startCommandLine } from '../../fixtures/command-line.ts';
import { dashboardQueries } from '../../fixtures/dashboard.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { startMocksProcess } from '../../fixtures/mocks-process.ts';
import {
  findPrometheus,
  observability,
  type Prometheus,
  startPrometheus,
} from '../../fixtures/prometheus.ts';

root.setTimeout(600_000);
const programs = await findPrometheus();
const skip = 'reason' in programs ? programs.reason : false;
const { prometheus, promtool } = 'reason' in programs ? { prometheus: '', promtool: '' } : programs;

function promtoolOn(folder: string, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(promtool, words, { cwd: folder, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

test('promtool takes the configuration and the rules, and their tests pass', {
  skip,
}, async (t) => {
  for (const words of [
    ['check', 'config', '--syntax-only', 'prometheus.yml'],
    ['check', 'rules', 'rules.yml'],
    ['test', 'rules', 'rules.test.yml'],
  ]) {
    const { status, said } = promtoolOn(observability, ...words);
    t.equal(status, 0, `${words.join(' ')}: ${said}`);
  }
});

test('each condition of each rule is needed: without it a test of the rules fails', {
  skip,
}, async (t) => {
  const folder = t.testdir();
  cpSync(observability, folder, { recursive: true });
  const rules = readFileSync(join(folder, 'rules.yml'), 'utf8');
  const conditions = [
    ['max_over_time(leakbed_run_finding{finding="leak"}[15m]) == 1', 'leakbed_run_finding == 1'],
    [' == 1\n          unless on (instance, scenario)', ' == 1\n          or'],
    ['> 0.05 *', '> 0.001 *'],
    ['(max_over_time(leakbed_run_fault_active[1m])) > 0', '(leakbed_run_fault_active) > 5'],
    ['deriv(leakbed_gateway_queue_depth[2m]) > 0', 'deriv(leakbed_gateway_queue_depth[2m]) >= 0'],
    ['(max_over_time(leakbed_run_fault_active[2m])) > 0', '(leakbed_run_fault_active) > 5'],
    ['state="leaking"} == 1', 'state="leaking"} >= 0'],
    ['for: 30m', 'for: 0m'],
    ['< 3600', '< 360000'],
    ['leakbed_watch_up == 0', 'leakbed_watch_up >= 0'],
    ['outcome="failed"}[10m]', 'outcome="ok"}[10m]'],
    ['up{job="leakbed-mocks"}', 'up'],
    ['{job=~"leakbed-.+"} > 1.5e9', ' > 1.5e9'],
  ] as const;
  for (const [condition, loosened] of conditions) {
    t.ok(rules.includes(condition), condition);
    writeFileSync(join(folder, 'rules.yml'), rules.replace(condition, loosened));
    const { status } = promtoolOn(folder, 'test', 'rules', 'rules.test.yml');
    t.equal(status, 1, `${condition} as ${loosened}`);
  }
});

/** A run whose page a Prometheus reads; resolves with its exit code. */
async function scrapedRun(t: Test, mocksUrl: string, port: number, words: readonly string[]) {
  const args = ['run', 'streaming-connections', '--seed', '4', '--mocks', mocksUrl];
  const out = ['--out', t.testdir(), '--metrics-port', `${port}`];
  const run = startCommandLine(t, [...args, ...words, ...out], { limitMs: 240_000 });
  const { code, stderr } = await run.ended;
  t.comment(stderr.split('\n').slice(-12).join('\n'));
  return code;
}

const named = (alerts: Awaited<ReturnType<Prometheus['alerts']>>, name: string) =>
  alerts.filter(({ labels, state }) => labels.alertname === name && state === 'firing');

test('a planted leak fires the alert, and each panel shows something', {
  skip,
  timeout: 300_000,
}, async (t) => {
  const mocks = await startMocksProcess();
  t.teardown(() => mocks.stop());
  const port = await freePort();
  const watchPort = await freePort();
  const watched = [
    '--pid',
    `${mocks.pid}`,
    '--name',
    'fakes',
    '--every',
    '500ms',
    '--window',
    '5s',
  ];
  const watch = startCommandLine(t, ['watch', ...watched, '--metrics-port', `${watchPort}`], {
    limitMs: 280_000,
  });
  await using server = await startPrometheus(prometheus, [
    { job: 'leakbed-mocks', url: `${mocks.url}/__leakbed/metrics` },
    { job: 'leakbed-run', url: `http://127.0.0.1:${port}/metrics` },
    { job: 'leakbed-watch', url: `http://127.0.0.1:${watchPort}/metrics` },
  ]);
  const words = ['--leak', 'unbounded-map', '--release-watch', '1s', '--fault', 'truncate;at=50%'];
  t.equal(await scrapedRun(t, mocks.url, port, words), 1, 'the run fails');
  const { 'leakbed-mocks': ofMocks, 'leakbed-watch': ofWatch } = await server.targets();
  t.strictSame([ofMocks, ofWatch], ['up', 'up'], `fakes and watch are scraped ${watch.stderr}`);
  const leaks = async () => named(await server.alerts(), 'LeakbedGatewayLeaks');
  const fires = async () => {
    while ((await leaks()).length === 0) await sleep(200);
  };
  await within(20_000, 'The alert does not fire.', fires());
  const [alert] = await leaks();
  t.equal(alert?.labels.scenario, 'streaming-connections');
  t.match(alert?.annotations.description, /^It keeps [\d.]+kiB per request\./);
  const own = await server.range('up{job="leakbed-run"}', 300);
  t.ok(
    own.some(({ values }) => values?.some(([, value]) => value === '1')),
    'the run was scraped',
  );
  for (const { panel, query } of dashboardQueries()) {
    const series = await server.range(query, 300);
    t.ok(series.length > 0 || absent.test(query), `${panel}: ${query}`);
  }
});

/** The fakes, which are watched here, do not grow; and the gateway has no cgroup of its own. */
const absent = /leakbed_watch_(?:seconds_to_limit|bytes_per)|cgroup/;

test('a clean gateway fires nothing about itself', { skip, timeout: 300_000 }, async (t) => {
  const mocks = await startMocksProcess();
  t.teardown(() => mocks.stop());
  const port = await freePort();
  await using server = await startPrometheus(prometheus, [
    { job: 'leakbed-run', url: `http://127.0.0.1:${port}/metrics` },
  ]);
  t.equal(await scrapedRun(t, mocks.url, port, []), 0, 'the run passes');
  // The last look ends with a scrape of the verdict; two more evaluations have seen it.
  await sleep(3_000);
  const found = await server.range('leakbed_run_finding{finding="clean"} == 1', 300);
  t.equal(found.length, 1, 'the verdict was scraped');
  t.same(named(await server.alerts(), 'LeakbedGatewayLeaks'), []);
  t.same(named(await server.alerts(), 'LeakbedScenarioFails'), []);
});
