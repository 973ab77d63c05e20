// What the page knows, from the messages of the feed: the newest state of the fakes, and the story
// of a run. All of it is bounded, so the page may stay open for days.

import { createHistory } from './history.js';

const mostWindows = 200;
const mostRecent = 20;
const rateOverMs = 1000;

export const trafficColumns = ['time', 'inFlight', 'complete', 'broken', 'gone', 'mocksRss'];
export const gatewayColumns = [
  'time',
  'rssBytes',
  'heapBytes',
  'externalBytes',
  'pauseMs',
  'fdCount',
  'socketCount',
  'queueDepth',
  'answered',
  'failed',
];

/** `onChange` is called whenever there is something new to draw. */
export function createLiveState(onChange) {
  const traffic = createHistory(trafficColumns.length);
  const rates = createRates();
  const state = {
    seed: null,
    fakes: null,
    traffic,
    recent: [],
    /** Faults of the plan, of the newest message or of the answer to what the page asked. */
    faults: [],
    run: emptyRun(),
    takeFaults(faults) {
      state.faults = faults;
      onChange();
    },
    takeSwitch(name, now) {
      state.fakes.switches[name].state = now;
      onChange();
    },
    /** Takes one message of the feed. */
    apply(message) {
      onChange();
      switch (message.type) {
        case 'hello':
          state.seed = message.seed;
          return;
        case 'state':
          return applyFakes(state, message, rates);
        case 'story':
          state.run = emptyRun();
          for (const told of message.messages) applyRun(state, told);
          return;
        default:
          applyRun(state, message);
      }
    },
  };
  return state;
}

function emptyRun() {
  return {
    header: null,
    phases: [],
    windows: [],
    warning: '',
    forming: null,
    verdict: null,
    values: {},
    gateway: createHistory(gatewayColumns.length),
    /** Of each metric the interval as it narrows: requests, estimate, low, high. */
    intervals: new Map(),
    rates: createRates(),
  };
}

function applyFakes(state, message, rates) {
  const timeMs = Date.parse(message.at);
  const { complete = 0, gone = 0 } = message.endings;
  const broken = message.requests - complete - gone;
  const perSecond = rates.add(timeMs, [complete, broken, gone]);
  state.fakes = message;
  state.faults = message.inForce;
  state.traffic.push(
    timeMs / 1000,
    message.streamsInFlight,
    ...perSecond,
    message.mocks.rssBytes / 1024 ** 2,
  );
  state.recent = [...message.ended.toReversed(), ...state.recent].slice(0, mostRecent);
}

function applyRun(state, message) {
  if (message.type === 'run') {
    state.run = emptyRun();
    state.run.header = message;
    return;
  }
  const { run } = state;
  switch (message.type) {
    case 'phase':
      return applyPhase(run, message);
    case 'fault':
      return applyFault(run, message);
    case 'sample':
      return applySample(run, message);
    case 'level':
      return applyLevel(run, message);
    case 'forming':
      return applyForming(run, message);
    case 'warning':
      run.warning = message.text;
      return;
    case 'verdict':
      run.verdict = message;
  }
}

function applyPhase(run, { name, title, startMs }) {
  const last = run.phases.at(-1);
  if (last !== undefined) last.toS ??= startMs / 1000;
  run.phases.push({ name, title, fromS: startMs / 1000, toS: null });
  if (run.phases.length > mostWindows) run.phases.shift();
}

/** Told when it begins and again when it is healed. */
function applyFault(run, { fault, what, startMs, endMs }) {
  const fromS = startMs / 1000;
  const toS = endMs === null ? null : endMs / 1000;
  const known = run.windows.findLast(({ label, fromS: from }) => label === fault && from === fromS);
  if (known !== undefined) {
    known.toS = toS;
    return;
  }
  run.windows.push({ label: fault, what, fromS, toS });
  if (run.windows.length > mostWindows) run.windows.shift();
}

function applySample(run, { timeMs, values, pauses, requests }) {
  run.values = { ...run.values, ...values };
  const { total = 0, failed = 0 } = requests ?? {};
  const [answered, failures] = run.rates.add(timeMs, [total - failed, failed]);
  pushReadings(run, timeMs, {
    ...values,
    pauseMs: pauses?.count > 0 ? pauses.longestMs : undefined,
    answered,
    failed: failures,
  });
}

/** At rest, after a collection: only then the live heap is known. */
function applyLevel(run, { timeMs, values }) {
  run.values = { ...run.values, ...values };
  const { heapBytes, externalBytes } = values;
  pushReadings(run, timeMs, { heapBytes, externalBytes });
}

function pushReadings(run, timeMs, readings) {
  const row = gatewayColumns.slice(1).map((name) => {
    const value = readings[name] ?? null;
    return name.endsWith('Bytes') && value !== null ? value / 1024 ** 2 : value;
  });
  // A level may be told before the sample that was read ahead of it.
  run.gateway.push(Math.max(timeMs / 1000, run.gateway.latest(0) ?? 0), ...row);
}

function applyForming(run, message) {
  run.forming = message;
  for (const { metric, perRequest } of message.channels) {
    if (perRequest === null) continue;
    const points = run.intervals.get(metric) ?? createHistory(4, 200);
    // Another phase counts its requests from the beginning.
    if (message.totalRequests < (points.latest(0) ?? 0)) points.clear();
    const { estimate, low, high } = perRequest;
    points.push(message.totalRequests, estimate, low, high);
    run.intervals.set(metric, points);
  }
}

/** Totals to rates: what was added over the last second. */
function createRates() {
  let seen = [];
  return {
    add(timeMs, totals) {
      seen.push({ timeMs, totals });
      while (seen.length > 2 && seen[1].timeMs <= timeMs - rateOverMs) seen.shift();
      const [first] = seen;
      const seconds = (timeMs - first.timeMs) / 1000;
      // Fakes that were started anew count from zero.
      if (totals.some((total, index) => total < first.totals[index])) seen = seen.slice(-1);
      return totals.map((total, index) =>
        seconds > 0 ? Math.max(0, total - first.totals[index]) / seconds : null,
      );
    },
  };
}
