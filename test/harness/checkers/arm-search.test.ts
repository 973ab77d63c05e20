// Which arms leak: the search on simulated gateways, and the verdict that a stored run gets.

import { test } from 'tap';
import { armsChecker } from '../../../harness/checkers/arms.ts';
import { faultArms } from '../../../harness/scenarios/fault-arms.ts';
import { type ArmGateway, runArmSearch } from '../../fixtures/arm-gateway.ts';
import { type Noise, spiky, white } from '../../fixtures/levels.ts';
import { buildRecord } from '../../fixtures/record.ts';

const phase = faultArms.phases('smoke').find(({ kind }) => kind === 'arms');
if (phase?.kind !== 'arms') throw new Error('The scenario has no phase of arms.');
const { search: options, requestsPerArm } = phase;
const arms = phase.arms.map(({ name }) => name);
const measured: Noise = spiky(8_000);

const gateway = (seed: number, kept: ArmGateway['kept'], noise = measured): ArmGateway => ({
  seed,
  arms,
  kept,
  noise,
  requestsPerArm,
});

test('two arms of twelve that leak are named, of fifty gateways in at least 49', (t) => {
  let right = 0;
  for (let seed = 0; seed < 50; seed++) {
    const first = arms[seed % 12] ?? '';
    const second = arms[(seed % 12) + 1 + (seed % 7)] ?? arms[0] ?? '';
    const { search } = runArmSearch(gateway(seed, { [first]: 4096, [second]: 4096 }), options);
    const named = search.guilty.map(({ name }) => name).toSorted();
    right += Number(named.join() === [first, second].toSorted().join());
  }
  t.ok(right >= 49, `${right} of 50`);
  t.end();
});

test('a gateway of which no arm leaks is cleared by the test of all arms at once', (t) => {
  for (let seed = 0; seed < 50; seed++) {
    const { search } = runArmSearch(gateway(seed, {}), options);
    t.same(search.guilty, [], `seed ${seed}`);
  }
  t.end();
});

test('a heap that shrank at a stroke hides no leak, and makes none', (t) => {
  const shrinking: Noise = (rng) => {
    const haze = white(8_000)(rng);
    let count = 0;
    return (work) => {
      count += 1;
      return haze(work) - (count >= 4 ? 1_000_000 : 0);
    };
  };
  const guilty = [arms[2] ?? '', arms[9] ?? ''];
  const kept = Object.fromEntries(guilty.map((name) => [name, 4096]));
  for (let seed = 0; seed < 10; seed++) {
    const named = runArmSearch(gateway(seed, kept, shrinking), options).search.guilty;
    t.same(named.map(({ name }) => name).toSorted(), guilty.toSorted(), `seed ${seed}`);
    t.same(runArmSearch(gateway(seed, {}, shrinking), options).search.guilty, []);
  }
  t.end();
});

test("a convicted arm's rate is that of its own requests", (t) => {
  const { search } = runArmSearch(gateway(3, { [arms[2] ?? '']: 4096 }), options);
  const [guilty] = search.guilty;
  t.equal(guilty?.metric, 'heapBytes');
  t.ok(Math.abs((guilty?.perRequest.estimate ?? 0) / 4096 - 1) < 0.15, 'within the noise');
  t.end();
});

test('the stored levels give the verdict that the search gave', (t) => {
  const checker = armsChecker({ phase: 'arms', arms, search: options });
  const name = arms[4] ?? '';
  const guilty = runArmSearch(gateway(5, { [name]: 4096 }), options);
  const convicted = checker.check(buildRecord({}, { levels: guilty.levels }));
  t.equal(convicted.outcome, 'fail');
  t.match(convicted.reason, `1 of 12 kinds of work leak: ${name} keeps`);
  const clean = runArmSearch(gateway(6, {}), options);
  t.match(checker.check(buildRecord({}, { levels: clean.levels })), {
    outcome: 'pass',
    finding: 'clean',
    reason: /None of 12 kinds of work leaks; smallest leak .* heapBytes/,
  });
  t.end();
});

test('a search that was cut short, or is too noisy, clears nobody', (t) => {
  const checker = armsChecker({ phase: 'arms', arms, search: options });
  const { levels } = runArmSearch(gateway(5, {}), options);
  const cut = checker.check(buildRecord({}, { levels: levels.slice(0, 4) }));
  t.match(cut, { outcome: 'inconclusive', reason: /Not known of: bedrock\/complete/ });
  const noisy = runArmSearch(gateway(7, {}, white(3_000_000)), options);
  const loud = checker.check(buildRecord({}, { levels: noisy.levels }));
  t.match(loud, { outcome: 'inconclusive', reason: /Too noisy to tell/ });
  t.end();
});
