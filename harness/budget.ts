// A budget: what a gateway may keep per request, how high it may peak, how soon memory must be
// back. One YAML file in the gateway's own repository; reading tells every problem at once. The
// limits of a run stand in the head of its record, so that it is judged by them again.
//
//   bytesPerRequest: 512
//   peak: 400MiB
//   recovery: 30s
//   scenarios:
//     large-prompt: { peak: 800MiB }

import { parseDocument } from 'yaml';
import {
  duration,
  type OptionType,
  parseOptions,
  type RawValue,
  size,
} from '../injectors/options.ts';

/** Null where there is no limit. */
export interface Limits {
  readonly bytesPerRequest: number | null;
  readonly peakBytes: number | null;
  readonly recoveryMs: number | null;
  readonly residualBytes: number | null;
}

export interface Budget {
  readonly everywhere: Limits;
  readonly scenarios: Readonly<Record<string, Limits>>;
}

/** What a limit is when the file leaves it out. */
const none = 'none';

function orNone<T>(type: OptionType<T>): OptionType<T | null> {
  const parse = (raw: RawValue) => (raw === none ? null : type.parse(raw));
  return { ...type, accepts: `${type.accepts}, or ${none}`, fallback: none, parse };
}

const schema = {
  bytesPerRequest: orNone(size(undefined, 'kept of each request, at most', { maxMiB: 1024 })),
  peak: orNone(size(undefined, 'highest resident memory', { maxMiB: 1024 ** 2 })),
  recovery: orNone(duration(undefined, 'until memory is back after the last fault')),
  residual: orNone(size(undefined, 'memory left above the baseline', { maxMiB: 1024 ** 2 })),
};

/** `where` is the file, for messages. Throws with one line for each problem. */
export function readBudget(source: string, where: string): Budget {
  const document = parseDocument(source, { prettyErrors: true });
  const problems = document.errors.map(({ message }) => message.split('\n')[0] ?? message);
  const value: unknown = problems.length === 0 ? document.toJS() : {};
  const { scenarios = {}, ...everywhere } = mapping(value, 'the budget', problems);
  const budget = {
    everywhere: limitsOf(everywhere, {}, 'budget', problems),
    scenarios: Object.fromEntries(
      Object.entries(mapping(scenarios, 'scenarios', problems)).map(([id, own]) => {
        const path = `scenarios.${id}`;
        return [id, limitsOf(mapping(own, path, problems), everywhere, path, problems)];
      }),
    ),
  };
  if (problems.length === 0 && Object.keys(value ?? {}).length === 0) {
    problems.push(`It has no limit. Give some of ${Object.keys(schema).join(', ')}.`);
  }
  if (problems.length === 0) return budget;
  throw new Error([`Cannot use budget ${where}:`, ...problems].join('\n  '));
}

export function limitsFor(budget: Budget, scenario: string): Limits {
  return budget.scenarios[scenario] ?? budget.everywhere;
}

/** What a scenario says itself wins over what is said for all. */
function limitsOf(
  own: Readonly<Record<string, unknown>>,
  inherited: Readonly<Record<string, unknown>>,
  path: string,
  problems: string[],
): Limits {
  const given = { ...inherited, ...own } as Readonly<Record<string, RawValue>>;
  const { options, problems: found } = parseOptions(schema, given, 'the budget', path);
  problems.push(...found.filter((problem) => !problems.includes(problem)));
  const { bytesPerRequest, peak, recovery, residual } = options;
  return { bytesPerRequest, peakBytes: peak, recoveryMs: recovery, residualBytes: residual };
}

function mapping(
  value: unknown,
  path: string,
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  problems.push(`Cannot read ${path}: it must be a mapping of names to limits.`);
  return {};
}
