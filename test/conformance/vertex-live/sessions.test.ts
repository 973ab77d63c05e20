// Whole sessions of @google/genai's Live client, two majors of it: text, sound, tools,
// interruption, goAway and resumption, in both API versions.

import type { LiveServerMessage } from '@google/genai';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import {
  type LiveAccount,
  type LiveOptions,
  liveSession,
  told,
  until,
} from '../../fixtures/live-clients.ts';

const sound = Buffer.alloc(3200, Buffer.from([0, 40])).toString('base64');
const silence = Buffer.alloc(32_000).toString('base64');
const audio = (data: string) => ({ audio: { data, mimeType: 'audio/pcm;rate=16000' } });

for (const major of [2, 3] as const) {
  test(`Live sessions of @google/genai ${major}`, async (t) => {
    const mocks = await startMocks({ port: 0, seed: 1 });
    t.teardown(() => mocks.close());
    const open = async (options: LiveOptions = {}) => {
      const account = liveSession(mocks, major, options);
      await until('the session is open', () => account.connected !== undefined);
      t.equal(account.connected, 'open');
      await until('setupComplete came', () => account.messages.length > 0);
      return account;
    };
    const say = ({ session }: LiveAccount, text: string) =>
      session?.sendClientContent({ turns: text });
    const over = ({ messages }: LiveAccount) =>
      until('the turn is complete', () => messages.some(isTurnComplete));

    for (const apiVersion of ['v1', 'v1beta1']) {
      t.test(`a text turn of ${apiVersion} comes in pieces, with usage at its end`, async (t) => {
        const account = await open({ apiVersion });
        say(account, 'hello [[leakbed chunks=2 bytes=5]]');
        await over(account);
        const kinds = ['setupComplete', 'text', 'text', 'generationComplete', 'turnComplete'];
        t.same(told(account.messages), kinds);
        t.match(account.messages[0]?.setupComplete?.sessionId, /^[0-9a-f-]{36}$/);
        t.match(account.messages.at(-1)?.usageMetadata, { responseTokenCount: 3 });
        account.session?.close();
      });
    }

    t.test('speech is answered with sound, and both are transcribed', async (t) => {
      const config = {
        responseModalities: ['AUDIO'],
        inputAudioTranscription: {},
        outputAudioTranscription: {},
        systemInstruction: '[[leakbed chunks=2 bytes=9600]]',
      };
      const account = await open({ config });
      account.session?.sendRealtimeInput(audio(sound));
      account.session?.sendRealtimeInput(audio(silence));
      await over(account);
      const [, heard, ...rest] = told(account.messages);
      t.equal(heard, 'inputTranscription');
      const pieces = ['sound', 'outputTranscription', 'sound', 'outputTranscription'];
      t.same(rest, [...pieces, 'generationComplete', 'turnComplete']);
      const blob = account.messages[2]?.serverContent?.modelTurn?.parts?.[0]?.inlineData;
      t.equal(blob?.mimeType, 'audio/pcm;rate=24000');
      t.equal(Buffer.from(blob?.data ?? '', 'base64').length, 9600);
      account.session?.close();
    });

    t.test('a tool call waits for its response, and the model goes on', async (t) => {
      const tools = [{ functionDeclarations: [{ name: 'weather' }] }];
      const account = await open({ config: { tools } });
      say(account, '[[leakbed chunks=1 tool=1]]');
      await until('a tool call', () => account.messages.some(({ toolCall }) => toolCall));
      const [call] = account.messages.at(-1)?.toolCall?.functionCalls ?? [];
      t.match(call, { name: 'weather', args: { query: String } });
      t.notOk(account.messages.some(isTurnComplete));
      const response = {
        id: call?.id ?? '',
        name: 'weather',
        response: { note: '[[leakbed chunks=1]]' },
      };
      account.session?.sendToolResponse({ functionResponses: [response] });
      await over(account);
      t.same(told(account.messages).slice(-3), ['text', 'generationComplete', 'turnComplete']);
      account.session?.close();
    });

    t.test('who speaks instead of answering a tool call cancels it', async (t) => {
      const account = await open();
      say(account, '[[leakbed chunks=0 tool=1]]');
      await until('a tool call', () => account.messages.some(({ toolCall }) => toolCall));
      say(account, '[[leakbed chunks=1]]');
      await over(account);
      const [call] =
        account.messages.find(({ toolCall }) => toolCall)?.toolCall?.functionCalls ?? [];
      const cancelled = account.messages.find((message) => message.toolCallCancellation);
      t.same(cancelled?.toolCallCancellation?.ids, [call?.id]);
      account.session?.close();
    });

    t.test('speech during a turn interrupts it, however long its next pause is', async (t) => {
      const account = await open();
      say(account, '[[leakbed chunks=100 fault=stall;at=2;for=60s]]');
      await until('two pieces', () => account.messages.length === 3);
      account.session?.sendRealtimeInput(audio(sound));
      await over(account);
      t.same(told(account.messages).slice(-2), ['interrupted', 'turnComplete']);
      account.session?.close();
    });

    t.test('goAway comes before the end of a session, which the service closes', async (t) => {
      const account = await open({ config: { systemInstruction: '[[leakbed session=200ms]]' } });
      await until('a close event', () => account.closed !== undefined);
      t.same(account.messages.at(-1)?.goAway, { timeLeft: '0.1s' });
      t.equal(account.closed, '1011 Deadline expired before operation could complete.');
    });

    t.test('a handle resumes a session with all its tokens, once it is closed', async (t) => {
      const resume = (handle?: string) => ({
        config: { sessionResumption: handle ? { handle } : {} },
      });
      const account = await open(resume());
      say(account, 'x'.repeat(4000));
      const handles = () =>
        account.messages.filter(({ sessionResumptionUpdate: u }) => u?.resumable);
      await until('a second handle', () => handles().length === 2);
      const handle = handles()[1]?.sessionResumptionUpdate?.newHandle ?? '';
      const early = liveSession(mocks, 3, resume(handle));
      await until('a refusal', () => early.connected !== undefined);
      t.match(early.connected, /code 1011/);

      account.session?.close();
      await until('the close', () => account.closed !== undefined);
      const again = await open(resume(handle));
      say(again, 'more');
      await over(again);
      const usage = again.messages.find(isTurnComplete)?.usageMetadata;
      t.ok((usage?.promptTokenCount ?? 0) > 1000);
      again.session?.close();
    });

    t.test('a handle that nobody was given is refused', async (t) => {
      const config = { sessionResumption: { handle: 'unknown' } };
      const account = liveSession(mocks, 3, { config });
      await until('a refusal', () => account.connected !== undefined);
      t.match(account.connected, /code 1008\): BidiGenerateContent session not found/);
    });

    t.test('the header of the client speaks for every turn', async (t) => {
      const account = await open({ headers: { 'x-leakbed': 'chunks=1' } });
      say(account, 'hello');
      await over(account);
      t.equal(told(account.messages).filter((kind) => kind === 'text').length, 1);
      account.session?.close();
    });
  });
}

function isTurnComplete({ serverContent }: LiveServerMessage): boolean {
  return serverContent?.turnComplete === true;
}
