// The work of `leakbed run`: runs scenarios against a gateway and judges them.

import { join } from 'node:path';
import { freshSeed, seededRng } from '../../injectors/determinism.ts';
import type { CutRun } from '../record-store.ts';
import { redactText } from '../redact.ts';
import { annotations } from '../reports/annotations.ts';
import { htmlReport } from '../reports/html.ts';
import { junitReport } from '../reports/junit.ts';
import { markdownReport } from '../reports/markdown.ts';
import type { JudgedRun } from '../reports/reporter.ts';
import { verdictTable } from '../reports/table.ts';
import { tapReport } from '../reports/tap.ts';
import { controlClient } from '../runner/control-client.ts';
import { type RunOptions, type RunResult, runScenario } from '../runner/run-scenario.ts';
import type { Scenario } from '../scenario.ts';
import { type GatewayChoice, isStartedHere } from '../subjects/gateway.ts';
import { openSink, type Sink } from '../subjects/sink.ts';
import { worst } from '../verdict.ts';
import { chosenLimits } from './chosen-limits.ts';
import { chosenScenarios } from './chosen-scenarios.ts';
import { openCutRun, requireSameCommand } from './cut-run.ts';
import { exitCodes, UsageError } from './exit-codes.ts';
import { failure, printJson } from './json-document.ts';
import { type Observers, openObservers } from './open-observers.ts';
import { askable, chosenLedger, chosenSink } from './profiled-run.ts';
import { stderrProgress } from './progress.ts';
import { type Fakes, provideMocks } from './provide-mocks.ts';
import type { RunFlags } from './run-flags.ts';
import { chosenGateway, repeatCommand } from './run-options.ts';
import { saveReports, writeOrSay } from './save-reports.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { planOf } from './time-left.ts';
import { enterTransparentMode } from './transparent.ts';
import { versions } from './version.ts';

/** With --json there is one document on stdout also when the run cannot be started or crashes. */
export async function runScenarios(
  ids: readonly string[],
  flags: RunFlags,
  gatewayCommand: readonly string[],
): Promise<void> {
  const results: RunResult[] = [];
  try {
    await runAndTell(ids, flags, gatewayCommand, results);
  } catch (error) {
    if (results.length > 0) await tell(results, flags);
    printJson(flags, { outcome: 'inconclusive', ...failure(error), ...verdictsOf(results) });
    throw error;
  }
}

async function runAndTell(
  ids: readonly string[],
  given: RunFlags,
  gatewayCommand: readonly string[],
  results: RunResult[],
): Promise<void> {
  const resumed = given.resume === undefined ? undefined : await openCutRun(given.resume);
  const flags = resumed === undefined ? given : { ...given, scale: resumed.scale };
  const gateway = chosenGateway(flags, gatewayCommand);
  const sinkChoice = chosenSink(flags, gateway);
  const scenarios = askable(
    chosenScenarios(
      resumed === undefined ? ids : [resumed.scenario],
      flags.fault,
      sinkChoice.variable !== undefined,
    ),
    gateway,
  );
  if (flags.transparent === true) enterTransparentMode();
  const seed = resumed?.seed ?? flags.seed ?? freshSeed();
  const [first] = scenarios;
  if (resumed !== undefined && first !== undefined) {
    requireSameCommand(resumed.run, repeatCommand(first, flags, seed, gatewayCommand));
  }
  const stop = stopOnSignals();
  const progress = stderrProgress();
  await using observers = await openObservers(flags, stop, progress);
  await using stack = new AsyncDisposableStack();
  const fakes = await provideMocks(flags, gateway, seed, stack);
  const token = process.env.LEAKBED_TOKEN;
  const rng = seededRng(seed).fork('sink');
  const sink = stack.use(await openSink(sinkChoice, { url: fakes.url, token, rng }));
  const runOne = scenarioRunner(
    gateway,
    fakes,
    sink,
    seed,
    flags,
    gatewayCommand,
    { signal: stop, progress, observers: observers.all },
    resumed?.run,
  );
  for (const [index, scenario] of scenarios.entries()) {
    if (stop.aborted) break;
    const result = await runOne(scenario, index + 1, scenarios.length);
    results.push(result);
    await saveReports(result);
  }
  await stack.disposeAsync();
  const outcomes = results.map(({ verdict }) => verdict.outcome);
  const isCut = results.length < scenarios.length;
  const outcome = worst(isCut ? [...outcomes, 'inconclusive'] : outcomes);
  await tell(results, flags);
  printJson(flags, { outcome, ...verdictsOf(results) });
  process.exitCode = exitCodes[outcome];
}

function scenarioRunner(
  gateway: GatewayChoice,
  { url: mocksUrl, environment }: Fakes,
  sink: Sink,
  seed: number,
  flags: RunFlags,
  gatewayCommand: readonly string[],
  around: Pick<RunOptions, 'signal' | 'progress'> & { readonly observers: Observers['all'] },
  resume: CutRun | undefined,
): (scenario: Scenario, number: number, count: number) => Promise<RunResult> {
  const { progress } = around;
  const token = process.env.LEAKBED_TOKEN;
  const shownUrl = redactText(mocksUrl);
  const isKept = !isStartedHere(gateway);
  const limitsOf = chosenLimits(flags);
  progress.end(`leakbed: seed ${seed}, scale ${flags.scale}, fake providers on ${shownUrl}`);
  // In transparent mode they are in a network that no browser gets into.
  if (flags.transparent !== true) progress.end(`Dashboard: ${shownUrl}/__leakbed/`);
  return async (scenario, number, count) => {
    progress.scenario(scenario.id, number, count, planOf(scenario.phases(flags.scale)));
    if (isKept && number === 2) progress.warn(keptWarning);
    return await runScenario({
      scenario: flags.steady === true ? { ...scenario, steadyCompiler: true } : scenario,
      scale: flags.scale,
      seed,
      ...(flags.releaseWatch !== undefined && { releaseWatchSeconds: flags.releaseWatch }),
      out: flags.out,
      ...(resume !== undefined && { resume }),
      gateway,
      control: controlClient(mocksUrl, token),
      environment: { ...environment, ...sink.environment },
      sink,
      ...chosenLedger(flags, gateway),
      ...limitsOf(scenario.id),
      token,
      apiKey: process.env.LEAKBED_API_KEY ?? 'leakbed',
      command: repeatCommand(scenario, flags, seed, gatewayCommand),
      versions: versions(),
      ...around,
    }).catch((error: unknown) => {
      // Nothing was measured: a gateway that does not start, a folder that cannot be written.
      throw new UsageError(error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    });
  };
}

const keptWarning =
  'This gateway was not started by leakbed: one process serves all scenarios, and what one of them ' +
  'leaves behind is there in the next. Run one scenario, or let leakbed start it: run -- COMMAND.';

/** The verdicts for people, the report of all of them, and where everything lies. */
async function tell(results: readonly RunResult[], flags: RunFlags): Promise<void> {
  const runs: readonly JudgedRun[] = results;
  const color = process.stderr.isTTY === true && process.env.NO_COLOR === undefined;
  const width = process.stderr.columns ?? 100;
  if (runs.length > 0) {
    process.stderr.write(`\n${verdictTable(runs, { color, width })}\n`);
    const report = join(flags.out, 'report.html');
    await writeOrSay(report, htmlReport(runs));
    console.error(`Report: ${report}`);
    for (const { dir } of results) console.error(`Record: ${dir}`);
    for (const { verdict } of results) console.error(`Repeat: ${verdict.repeat}`);
  }
  if (flags.junit !== undefined) await writeOrSay(flags.junit, junitReport(runs));
  if (flags.tap !== undefined) await writeOrSay(flags.tap, tapReport(runs));
  if (flags.markdown !== undefined) await writeOrSay(flags.markdown, markdownReport(runs));
  // GitHub reads commands from either stream, and stdout may hold a document.
  if (process.env.GITHUB_ACTIONS === 'true') process.stderr.write(annotations(runs));
}

function verdictsOf(results: readonly RunResult[]) {
  return { verdicts: results.map(({ dir, verdict }) => ({ dir, ...verdict })) };
}
