// What a script consists of: blocks in their order, tools of the request with arguments that fit
// their schema, and where the tokens run out.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { scriptSettings } from '../../../mocks/script/directive.ts';
import { createScript, type ScriptLimits } from '../../../mocks/script/script.ts';

const schema = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    days: { type: 'integer', minimum: 3 },
    metric: { type: 'boolean' },
    kind: { enum: ['hourly'] },
    tags: { type: 'array', items: { type: 'string' } },
    place: { type: 'object', properties: { lat: { type: 'number' } } },
    gone: { type: ['null', 'string'] },
  },
};
const tools = [{ name: 'weather', schema }, { name: 'time' }];

function scriptOf(words: Record<string, string | number>, limits: Partial<ScriptLimits> = {}) {
  const { settings, problems } = scriptSettings(words);
  if (problems.length > 0) throw new Error(problems.join(' '));
  return createScript(settings, { inputTokens: 1, ...limits }, seededRng(5));
}

function kindsOf(script: ReturnType<typeof scriptOf>): string[] {
  return [...script.events()].map(({ event }) => event.kind);
}

test('thinking, text with its sources, then calls in pieces', async (t) => {
  const script = scriptOf({ thinking: 1, chunks: 2, citations: 1, tool: 2, bytes: 200 }, { tools });
  t.same(kindsOf(script), [
    'start',
    'thinking',
    'signature',
    'text',
    'text',
    'citation',
    'tool-call',
    ...Array(3).fill('tool-input'),
    'tool-call',
    ...Array(2).fill('tool-input'),
    'stop',
    'usage',
  ]);
  t.equal(script.stopReason, 'tool-use');
  t.same(kindsOf(script), kindsOf(script), 'and the same again');
});

test('the offered tools are called in turn, with arguments their schemas allow', async (t) => {
  const calls = scriptOf({ tool: 3, bytes: 7 }, { tools }).blocks.flatMap((block) =>
    block.kind === 'tool' ? [block.call] : [],
  );
  t.same(
    calls.map(({ name }) => name),
    ['weather', 'time', 'weather'],
  );
  t.equal(new Set(calls.map(({ id }) => id)).size, 3);
  const args = JSON.parse(calls[0]?.json ?? '');
  t.match(args, {
    city: /^.{7}$/s,
    days: 3,
    metric: Boolean,
    kind: 'hourly',
    tags: [/^.{7}$/s],
    place: { lat: Number },
    gone: null,
  });
});

test('the pieces of a call add up to its arguments', async (t) => {
  const script = scriptOf({ tool: 1, chunks: 0, bytes: 9 }, { tools });
  const pieces = [...script.events()].flatMap(({ event }) =>
    event.kind === 'tool-input' ? [event.json] : [],
  );
  const [block] = script.blocks;
  t.equal(pieces.join(''), block?.kind === 'tool' ? block.call.json : undefined);
  t.equal(pieces.length, block?.events);
});

test('a schema that contains itself deeply ends', async (t) => {
  const endless: Record<string, unknown> = { type: 'object' };
  endless.properties = { again: endless, more: { type: 'array', items: endless } };
  const script = scriptOf({ tool: 1 }, { tools: [{ name: 'loop', schema: endless }] });
  t.ok((script.blocks.at(-1)?.bytes ?? 0) > 0);
});

test('a tool that must be called is, and the text is left out', async (t) => {
  const { blocks } = scriptOf({}, { tools, forcedTool: 'time' });
  t.match(blocks, [{ kind: 'tool', call: { name: 'time' } }]);
  t.equal(blocks.length, 1);
  t.equal(scriptOf({}, { tools, forcedTool: '' }).blocks.length, 1);
});

test('tokens run out in the order of the blocks', async (t) => {
  const words = { thinking: 2, chunks: 2, tool: 1, bytes: 40 };
  const kindsWith = (maxTokens: number) => {
    const { blocks, stopReason, outputTokens } = scriptOf(words, { tools, maxTokens });
    return [blocks.map(({ kind }) => kind), stopReason, outputTokens];
  };
  t.same(kindsWith(10), [['thinking'], 'max-tokens', 10]);
  t.same(kindsWith(30), [['thinking', 'text'], 'max-tokens', 30]);
  t.same(kindsWith(45), [['thinking', 'text', 'tool'], 'max-tokens', 45]);
  t.same(kindsWith(4000)[1], 'tool-use');
});

test('runs hold the same pieces as single events, whatever their size', async (t) => {
  for (const words of [{ chunks: 900 }, { total: 10_001, bytes: 200 }, { total: 99, bytes: 99 }]) {
    const script = scriptOf(words);
    const single = [...script.events()].flatMap(({ event }) =>
      event.kind === 'text' ? [event.text] : [],
    );
    const inRuns = [...script.runs()].flatMap((told) => {
      if ('texts' in told) return told.texts;
      return told.event.kind === 'text' ? [told.event.text] : [];
    });
    t.same(inRuns, single);
  }
});

test('nothing is put in runs where there are pauses', async (t) => {
  const paced = [...scriptOf({ chunks: 5, gap: '1ms' }).runs()];
  t.notOk(paced.some((told) => 'texts' in told));
  t.ok([...scriptOf({ chunks: 5 }).runs()].some((told) => 'texts' in told));
});
