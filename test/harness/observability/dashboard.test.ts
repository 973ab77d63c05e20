// The Grafana dashboard and the alert rules as data: they ask for metrics that leakbed really has,
// and the panels lie side by side. Whether Grafana's types take the dashboard is
// dashboard-types.slow.ts, whether Prometheus answers it prometheus.slow.ts.

import { readFileSync } from 'node:fs';
import { type Test, test } from 'tap';
import { prometheusName } from '../../../harness/metrics/gateway-metrics.ts';
import { runMetrics } from '../../../harness/metrics/run-metrics.ts';
import { type MetricName, metrics } from '../../../harness/series/metrics.ts';
import { dashboardQueries, type Panel, readDashboard } from '../../fixtures/dashboard.ts';
import { serving } from '../../fixtures/serving-mocks.ts';

const here = (path: string) => new URL(`../../../harness/${path}`, import.meta.url);

/** Every name that one of the three pages may have, without the suffixes of histograms. */
async function namesOnPages(t: Test): Promise<ReadonlySet<string>> {
  const { mocks } = await serving(t);
  const page = await (await fetch(`${mocks.url}/__leakbed/metrics`)).text();
  const watch = readFileSync(here('watch/README.md'), 'utf8');
  const gateway = Object.keys(metrics).map((name) => prometheusName(name as MetricName));
  return new Set([
    'up',
    ...[...page.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => `${name}`),
    ...runMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name),
    ...gateway.flatMap((name) => [`leakbed_gateway_${name}`, `leakbed_gateway_at_rest_${name}`]),
    ...[...watch.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => `${name}`),
  ]);
}

const namesIn = (text: string) =>
  [...text.matchAll(/\b(?:leakbed|process|nodejs)_\w+/g)].map(([name]) =>
    name.replace(/_(?:bucket|sum|count)$/, (end) => (name.endsWith('_count') ? end : '')),
  );

test('the dashboard and the rules ask for no metric that there is not', async (t) => {
  const known = await namesOnPages(t);
  const asked = [
    ...dashboardQueries().map(({ query }) => query),
    ...readDashboard().annotations.list.map(({ target }) => target.expr),
    readFileSync(here('observability/rules.yml'), 'utf8'),
  ].flatMap(namesIn);
  t.ok(new Set(asked).size > 30, `${new Set(asked).size} names`);
  t.same(
    [...new Set(asked)].filter((name) => !known.has(name)),
    [],
  );
});

test('every metric of a run is shown', async (t) => {
  const shown = new Set(dashboardQueries().flatMap(({ query }) => namesIn(query)));
  const own = runMetrics()
    .registry.getMetricsAsArray()
    .map(({ name }) => name)
    .filter((name) => name.startsWith('leakbed_run_') && name !== 'leakbed_run_info');
  t.ok(own.length > 5);
  t.same(
    own.filter((name) => !shown.has(name)),
    [],
  );
});

test('panels have a title, a description and a place of their own', async (t) => {
  const { panels } = readDashboard();
  const places = panels.flatMap(cellsOf);
  t.equal(new Set(places).size, places.length, 'none lies on another');
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const { type, title, description, gridPos, targets } of panels) {
    t.ok(title, `panel at ${gridPos.y}`);
    t.ok(gridPos.x + gridPos.w <= 24, title);
    if (type === 'row') continue;
    t.match(description, /\.$/, `${title} says what it shows`);
    t.ok((targets?.length ?? 0) > 0, title);
  }
});

function cellsOf({ gridPos: { x, y, w, h } }: Panel): readonly string[] {
  return Array.from(
    { length: w * h },
    (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`,
  );
}
