// Cells to a table, and what is wrong with them: a cell that failed, a protocol other than the
// client's own, fewer cells than the client supports.

import type { Client, Expected } from './client.ts';

export interface Cell {
  readonly client: string;
  readonly version: string;
  readonly door: string;
  readonly operation: string;
  readonly transport: string;
  readonly outcome: 'pass' | 'fail' | 'n.a.';
  readonly detail: string;
}

/** A suite's line; undefined for what a client prints of its own accord. */
export function readCell(line: string): Cell | undefined {
  if (!line.startsWith('{')) return undefined;
  const value = JSON.parse(line) as Partial<Cell>;
  return value.outcome === undefined ? undefined : (value as Cell);
}

/** One sentence for each thing that is not as it has to be. */
export function problemsOf(
  client: Client,
  cells: readonly Cell[],
  doors: readonly string[],
): readonly string[] {
  const problems: string[] = [];
  for (const cell of cells) {
    const place = `${cell.client} at ${cell.door}, ${cell.operation}`;
    const wanted = protocolOf(cell, client.rows[cell.client]);
    if (cell.outcome === 'fail') problems.push(`${place}: ${cell.detail}`);
    if (cell.outcome === 'pass' && cell.transport !== wanted) {
      problems.push(`${place}: went over ${cell.transport} instead of ${wanted}`);
    }
  }
  for (const [name, { passed }] of Object.entries(client.rows)) {
    for (const door of doors) {
      const wanted = typeof passed === 'number' ? passed : (passed[door] ?? 0);
      const count = cells.filter(
        (cell) => cell.client === name && cell.door === door && cell.outcome === 'pass',
      ).length;
      if (count !== wanted) problems.push(`${name} at ${door}: ${count} of ${wanted} cells passed`);
    }
  }
  return problems;
}

function protocolOf({ door, operation }: Cell, row: Expected | undefined): string | undefined {
  if (row?.apart?.operations.has(operation)) return row.apart.protocol;
  return door.startsWith('https') ? row?.https : row?.http;
}

/** What no suite spoke of, with the reason that its client has for all of them. */
export function lackingCells(clients: readonly Client[], cells: readonly Cell[]): readonly Cell[] {
  const operations = new Set(cells.map(({ operation }) => operation));
  return clients.flatMap(({ rows, lacks }) => {
    if (lacks === undefined) return [];
    const own = cells.filter(({ client }) => Object.hasOwn(rows, client));
    const byRow = Map.groupBy(own, ({ client, door }) => `${client}|${door}`);
    return [...byRow.values()].flatMap((row) => {
      const [first] = row;
      if (first === undefined) return [];
      const missing = [...operations].filter(
        (name) => !row.some((cell) => cell.operation === name),
      );
      const absent = { transport: '', outcome: 'n.a.', detail: lacks } as const;
      return missing.map((operation) => ({ ...first, ...absent, operation }));
    });
  });
}

const marks = { pass: 'ok', fail: 'FAIL', 'n.a.': '-' } as const;
const protocols: Readonly<Record<string, string>> = { http1: 'HTTP/1.1', http2: 'HTTP/2' };

export function tableOf(result: {
  readonly cells: readonly Cell[];
  readonly problems: readonly string[];
  readonly skipped: readonly string[];
  readonly times: string;
}): string {
  const { cells, problems, skipped, times } = result;
  const operations = [...new Set(cells.map(({ operation }) => operation))];
  const rows = Map.groupBy(cells, ({ client, version, door }) => `${client}|${version}|${door}`);
  const lines = [...rows].map(([key, row]) => {
    const [client = '', version = '', door = ''] = key.split('|');
    const transport = row.find((cell) => cell.transport !== '')?.transport ?? '';
    const found = operations.map((operation) => {
      const cell = row.find((one) => one.operation === operation);
      return (cell === undefined ? '-' : marks[cell.outcome]).padEnd(4);
    });
    const name = client.includes(version) ? client : `${client} ${version}`;
    const protocol = protocols[transport] ?? transport;
    return `${name.padEnd(44)} ${door.padEnd(14)} ${protocol.padEnd(9)}${found.join(' ')}`;
  });
  const numbers = operations.map((_, index) => String(index + 1).padEnd(4)).join(' ');
  const head = `${'client'.padEnd(44)} ${'door'.padEnd(14)} ${'protocol'.padEnd(9)}${numbers}`;
  const legend = operations.map((operation, index) => `${index + 1} ${operation}`);
  const section = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : ['', title, ...items.map((item) => `  ${item}`)];
  const count = (outcome: Cell['outcome']) =>
    cells.filter((cell) => cell.outcome === outcome).length;
  return [
    head.trimEnd(),
    ...lines.map((line) => line.trimEnd()),
    ...section('Columns', legend),
    ...section('Not applicable (-)', reasonsOf(cells)),
    ...section('Skipped', skipped),
    ...section('Wrong', problems),
    '',
    `${count('pass')} passed, ${count('fail')} failed, ${count('n.a.')} not applicable, ` +
      `${skipped.length} clients skipped. ${times}`,
    '',
  ].join('\n');
}

/** Each reason once, with the clients and operations it covers. */
function reasonsOf(cells: readonly Cell[]): readonly string[] {
  const absent = cells.filter(({ outcome }) => outcome === 'n.a.');
  const groups = Map.groupBy(absent, ({ client, detail, door }) => {
    const where = door.startsWith('https') ? '' : detail.includes('HTTP/1.1') ? ' over http' : '';
    return `${client.split(', ')[0]}${where}: ${detail}`;
  });
  return [...groups].map(([reason, group]) => {
    const operations = [...new Set(group.map(({ operation }) => operation))];
    return `${reason} (${operations.join(', ')})`;
  });
}
