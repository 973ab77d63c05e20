// What is kept of a run for listeners that come later: bounded, and the last to go is what matters.

import { test } from 'tap';
import { createStory, type Told } from '../../../mocks/control/story.ts';

const read = (messages: readonly string[]) => messages.map((text) => JSON.parse(text) as Told);

test('a run of hours is kept in less than 768 KiB, its beginning more coarsely', async (t) => {
  const story = createStory();
  story.add({ type: 'run', scenario: 'endurance' });
  for (let second = 0; second < 40_000; second += 1) {
    story.add({ type: 'sample', timeMs: second * 1000, filler: 'x'.repeat(100) });
    if (second % 1000 === 0) story.add({ type: 'level', timeMs: second * 1000 });
  }
  const kept = read(story.messages);
  t.ok(story.messages.join('').length <= 768 * 1024);
  t.match(kept[0], { type: 'run', scenario: 'endurance' });
  t.equal(kept.filter(({ type }) => type === 'level').length, 40, 'every level is there');
  const times = kept.filter(({ type }) => type === 'sample').map(({ timeMs }) => Number(timeMs));
  t.equal(times[0], 0, 'the first sample is there');
  t.equal(times.at(-1), 39_999_000, 'and the last');
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  t.ok((gaps[0] ?? 0) > (gaps.at(-1) ?? 0), `${gaps[0]} ms apart at first, then ${gaps.at(-1)}`);
});

test('without samples to forget the oldest go, and the run stays', async (t) => {
  const story = createStory();
  story.add({ type: 'run', scenario: 'a' });
  for (let index = 0; index < 200; index += 1) {
    story.add({ type: 'level', index, filler: 'x'.repeat(10_000) });
  }
  const kept = read(story.messages);
  t.ok(story.messages.join('').length <= 768 * 1024);
  t.match(kept[0], { type: 'run' });
  t.match(kept.at(-1), { index: 199 });
});
