// The dashboard held to Grafana's own types (npm @grafana/schema): each part is written as a
// literal of its type into a source file, so that the compiler refuses unknown fields and
// values.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { install, npm } from '../../conformance/clients/install.ts';
import { type Dashboard, type Panel, readDashboard } from '../../fixtures/dashboard.ts';

const installed = await install(npm(new URL('./grafana/', import.meta.url)));
const skip = installed.reason === undefined ? false : `@grafana/schema: ${installed.reason}`;
const folder = installed.reason === undefined ? installed.folder : '';
const compiler = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url));

/** Whose options, and whose part of a field's configuration, a panel's are. */
const kinds: Readonly<Record<string, string>> = {
  timeseries: 'TimeSeries',
  stat: 'Stat',
  'state-timeline': 'StateTimeline',
};

/** JSON has an enumeration's values, so they are taken as such. */
const preamble = `
import type { Dashboard, DataQuery } from '@grafana/schema';
${Object.values(kinds).map(importOf).join('\n')}
type Plain<T> = T extends string ? \`\${T}\`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer E)[] ? Plain<E>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
// Of Grafana's data source for Prometheus, whose types are not published by themselves.
type Query = DataQuery & {
  expr: string; legendFormat?: string; editorMode?: 'code' | 'builder';
  instant?: boolean; range?: boolean; interval?: string;
};
type Titles = { titleFormat: string; textFormat: string; tagKeys: string };
`;

function importOf(kind: string): string {
  const path = `${kind.toLowerCase()}/panelcfg/x/${kind}PanelCfg_types.gen`;
  return `import type * as ${kind} from '@grafana/schema/dist/esm/raw/composable/${path}';`;
}

/** What belongs to a plug-in is checked by itself and left out of the whole. */
function sourceOf(board: Dashboard): string {
  const parts: string[] = [];
  const check = (type: string, value: unknown) => {
    const literal = JSON.stringify(value, null, 1);
    parts.push(`export const part${parts.length}: Plain<${type}> = ${literal};`);
  };
  const plain = ({ targets, options, fieldConfig, ...panel }: Panel) => {
    if (panel.type === 'row') return panel;
    const kind = kinds[panel.type] ?? `a panel of type ${panel.type} has no types here`;
    for (const target of targets ?? []) check('Query', target);
    check(`${kind}.Options`, options);
    const { custom, ...defaults } = fieldConfig?.defaults ?? {};
    if (custom !== undefined) check(`${kind}.FieldConfig`, custom);
    return { ...panel, fieldConfig: { ...fieldConfig, defaults } };
  };
  const panels = board.panels.map(plain);
  const list = board.annotations.list.map(
    ({ target, titleFormat, textFormat, tagKeys, ...annotation }) => {
      check('Query', target);
      check('Titles', { titleFormat, textFormat, tagKeys });
      return annotation;
    },
  );
  check('Dashboard', { ...board, panels, annotations: { list } });
  return `${preamble}${parts.join('\n')}\n`;
}

function compile(source: string): string {
  const file = join(folder, 'board.ts');
  writeFileSync(file, source);
  const words = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
  return spawnSync(compiler, [...words, file], { cwd: folder, encoding: 'utf8' }).stdout;
}

test("the dashboard is one by Grafana's own types", { skip }, async (t) => {
  t.equal(compile(sourceOf(readDashboard())), '');
});

test('a field that Grafana does not know is refused, and a value too', { skip }, async (t) => {
  const source = sourceOf(readDashboard());
  for (const [right, wrong] of [
    ['"showLegend"', '"showLegent"'],
    ['"gridPos"', '"gridPosition"'],
    ['"absolute"', '"abslute"'],
    ['"drawStyle": "line"', '"drawStyle": "lines"'],
    ['"expr"', '"expression"'],
    ['"graphTooltip": 1', '"graphTooltip": 7'],
  ] as const) {
    t.ok(source.includes(right), right);
    t.not(compile(source.replace(right, wrong)), '', wrong);
  }
});
