// `leakbed faults NAME`: what a fault does, its options, every way to put it to work, where it
// cannot be, and what real SDKs made of its example.

import { placeOf } from '../../injectors/family.ts';
import type { RegisteredInjector } from '../../injectors/injector.ts';
import { observations } from '../../injectors/observed/index.ts';
import { ways } from '../../injectors/observed/observation.ts';
import { parseFaultWords } from '../../injectors/plan.ts';

/** More lines, shown when the fault is named. */
export function faultDetails(injector: RegisteredInjector): readonly string[] {
  const { name, family, example, notOn } = injector;
  const { fault } = injector.bind(parseFaultWords(example).options ?? {});
  const elsewhere = Object.entries(notOn).map(([where, reason]) => `${where}: ${reason}`);
  return [
    ...block('family', [family]),
    ...block('options', optionRows(injector)),
    ...block('example', [example, ...(fault === undefined ? [] : [fault.explain()])]),
    ...block('say it', waysToSay(injector)),
    ...block('not on', elsewhere),
    ...block('seen', seenRows(name)),
  ];
}

const labelWidth = 10;

/** A label in front of the first line, and room for it in front of the others. */
function block(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? label : '').padEnd(labelWidth) + line);
}

function optionRows({ options }: RegisteredInjector): string[] {
  const names = Object.keys(options);
  const width = Math.max(0, ...names.map(({ length }) => length)) + 2;
  return Object.entries(options).map(([name, { accepts, fallback, help }]) => {
    const standard =
      fallback === undefined ? 'required' : `default ${fallback === '' ? '""' : fallback}`;
    return `${name.padEnd(width)}${help}: ${accepts} (${standard})`;
  });
}

function waysToSay(injector: RegisteredInjector): string[] {
  const { example, family } = injector;
  const run = `leakbed run --fault '${example}'`;
  const { fault, options } = parseFaultWords(example);
  const plan = `plan    ${JSON.stringify({ fault, options })}`;
  switch (placeOf(family)) {
    case 'load':
    case 'gateway':
      return [run];
    case 'connection':
      return [
        `leakbed proxy --upstream HOST:PORT --toxic '${example}'`,
        "or by its HTTP API, Toxiproxy's",
      ];
    case 'answer': {
      const counts = injector.bind(options ?? {}).fault?.admission !== undefined;
      if (counts) return [plan, run];
      return [
        `prompt  [[leakbed fault=${example}]]`,
        `model   MODEL~${example}`,
        `header  x-leakbed: fault=${example}`,
        plan,
        run,
      ];
    }
  }
}

/** What the catalogue promises, held by test/conformance/faults. */
function seenRows(name: string): string[] {
  const seen = observations[name];
  return seen === undefined ? [] : ways.map((way, index) => `${way.padEnd(20)}${seen[index]}`);
}
