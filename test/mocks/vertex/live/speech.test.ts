// Speech by its sound alone: loud begins it, lasting silence ends it.

import { test } from 'tap';
import { createSpeechDetector } from '../../../../mocks/vertex/live/speech.ts';

const rateHz = 16_000;
const loud = (ms: number) => ({ pcm: Buffer.alloc(ms * 32, Buffer.from([0, 40])), rateHz });
const quiet = (ms: number) => ({ pcm: Buffer.alloc(ms * 32, Buffer.from([10, 0])), rateHz });

test('speech begins once and ends after the silence that was asked for', (t) => {
  const speech = createSpeechDetector(500);
  const heard = [quiet(900), loud(20), loud(20), quiet(300), loud(20), quiet(300), quiet(200)];
  const none = undefined;
  t.same(
    heard.map((sound) => speech.hear(sound)),
    [none, 'begun', none, none, none, none, 'ended'],
  );
  t.end();
});

test('silence alone is no speech', (t) => {
  const speech = createSpeechDetector(500);
  t.equal(speech.hear(quiet(10_000)), undefined);
  t.equal(speech.end(), false);
  t.end();
});

test('the end of the stream ends speech', (t) => {
  const speech = createSpeechDetector(500);
  speech.hear(loud(10));
  t.equal(speech.end(), true);
  t.end();
});
