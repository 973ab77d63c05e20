// One seed decides everything: random fault plans, each put into a fresh server twice, must give
// the same bytes and the same journal on every framing. Prints a table; 1 when anything differed.
//
//   node test/e2e/repeatability.ts [--plans 100] [--seed 1]
//
// Compared are status, headers, trailers, body, how the answer ended, and the journal but for its
// times. Not compared: the `Date`, and where chunks, DATA frames and segments begin, which time
// decides. The time of day, which some answers tell, stands still. Faults that leave an answer open
// for ever are left out.

import { parseArgs } from 'node:util';
import { seededRng, sleep, systemClock } from '../../injectors/determinism.ts';
import type { FaultPlan } from '../../injectors/plan.ts';
import type { JournalEntry } from '../../mocks/journal.ts';
import { createPlanInForce } from '../../mocks/plan-in-force.ts';
import { type Mocks, startMocks } from '../../mocks/server.ts';
import { randomPlan } from '../fixtures/random-plan.ts';
import { type WireAnswer, wirePaths } from '../fixtures/wire-paths.ts';

export interface PathRow {
  readonly path: string;
  answers: number;
  bytes: number;
  /** Answers in which a fault acted, and the kinds of faults that did. */
  disturbed: number;
  readonly faults: Set<string>;
  readonly differing: string[];
}

interface Seen {
  readonly answer: WireAnswer;
  readonly entries: readonly Omit<JournalEntry, 'startedAt' | 'durationMs'>[];
}

/** Plans at once: most of their time they wait for a fault that is slow. */
const atOnce = 5;

/** `secondShift` other than 0 gives the second run another seed, for a look at the comparison. */
export async function repeatability(
  planCount: number,
  seed: number,
  secondShift = 0,
): Promise<readonly PathRow[]> {
  const root = seededRng(seed);
  Object.assign(systemClock, { wallTime: () => new Date('2026-01-02T03:04:05.678Z') });
  const rows = wirePaths.map(
    ({ name }): PathRow => ({
      path: name,
      answers: 0,
      bytes: 0,
      disturbed: 0,
      faults: new Set(),
      differing: [],
    }),
  );
  const both = async (index: number) => {
    const plan = possiblePlan(root.fork(`plan:${index}`));
    const seeds = [seed + index, seed + index + secondShift];
    const [first = [], second = []] = await Promise.all(seeds.map((own) => answersOf(plan, own)));
    for (const [place, row] of rows.entries()) add(row, first[place], second[place], plan);
  };
  for (let index = 0; index < planCount; index += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, planCount - index) }, (_, i) => index + i);
    await Promise.all(group.map(both));
  }
  return rows;
}

/** Draws until a plan can work: what is refused is no plan. */
function possiblePlan(rng: ReturnType<typeof seededRng>): FaultPlan {
  const check = createPlanInForce();
  for (;;) {
    const plan = randomPlan(rng);
    if (check.set(plan).length === 0) return plan;
  }
}

async function answersOf(plan: FaultPlan, seed: number): Promise<readonly Seen[]> {
  await using mocks = await startMocks({ port: 0, seed, plan });
  const seen: Seen[] = [];
  for (const path of wirePaths) {
    const before = mocks.journal.lastSequence;
    const answer = await path.ask(mocks, { prompt: 'chunks=12 bytes=60' }).catch((cause) => {
      throw new Error(`${path.name} under ${JSON.stringify(plan)}`, { cause });
    });
    seen.push({ answer, entries: await settledEntries(mocks, before) });
  }
  return seen;
}

/** An entry is closed when the server has seen the connection end. */
async function settledEntries(mocks: Mocks, since: number): Promise<Seen['entries']> {
  while (mocks.journal.inFlight().length > 0) await sleep(1);
  return mocks.journal
    .since(since)
    .map(({ startedAt: _startedAt, durationMs: _durationMs, ...entry }) => entry);
}

function add(row: PathRow, first: Seen | undefined, second: Seen | undefined, plan: FaultPlan) {
  if (first === undefined || second === undefined) throw new Error(`Nothing of ${row.path}.`);
  const acted = first.entries.flatMap(({ injected }) =>
    injected.filter((what) => !what.includes('does not apply')),
  );
  row.answers += 1;
  row.bytes += first.answer.body.length;
  if (acted.length > 0) row.disturbed += 1;
  for (const what of acted) row.faults.add(what.split(':', 1)[0] ?? '');
  const [one, other] = [comparable(first), comparable(second)];
  if (one !== other) row.differing.push(`${JSON.stringify(plan)}\n${difference(one, other)}`);
}

function difference(one: string, other: string): string {
  const at = [...one].findIndex((char, index) => char !== other[index]);
  const around = (text: string) => `  …${text.slice(Math.max(0, at - 80), at + 80)}…`;
  return `${around(one)}\n${around(other)}`;
}

function comparable({ answer, entries }: Seen): string {
  const { date: _, ...headers } = answer.headers;
  return JSON.stringify({ ...answer, headers, body: answer.body.toString('latin1'), entries });
}

export function tableOf(rows: readonly PathRow[]): string {
  const head = ['framing', 'answers', 'disturbed', 'kinds', 'bytes', 'differing'];
  const lines = rows.map(({ path, answers, disturbed, faults, bytes, differing }) =>
    [path, answers, disturbed, faults.size, bytes, differing.length].map(String),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const pad = (line: readonly string[]) =>
    line.map((cell, column) => cell[column === 0 ? 'padEnd' : 'padStart'](widths[column] ?? 0));
  return [head, ...lines].map((line) => pad(line).join('  ')).join('\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      plans: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
    },
  });
  const startedMs = performance.now();
  const rows = await repeatability(Number(values.plans), Number(values.seed));
  const kinds = new Set(rows.flatMap(({ faults }) => [...faults])).size;
  const differing = rows.flatMap((row) => row.differing);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const summary = `${values.plans} plans twice, ${kinds} kinds of faults, ${seconds} s`;
  process.stdout.write(`${tableOf(rows)}\n${summary}\n${differing.slice(0, 5).join('\n')}\n`);
  process.exitCode = differing.length > 0 ? 1 : 0;
}
