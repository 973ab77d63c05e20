// The Live API through @google/genai: a turn of text, one of sound, and a tool call.

import assert from 'node:assert/strict';
import type * as Sdk from '@google/genai';
import { type Cells, load, prompt, setup } from '../../../clients/suites/cells.ts';
import { models } from './vertex.ts';

const { Modality } = load<typeof Sdk>(`genai-${setup.version}`);

interface Conversation {
  readonly session: Sdk.Session;
  readonly messages: Sdk.LiveServerMessage[];
  /** Resolves with the first message that is so. */
  until(isSo: (message: Sdk.LiveServerMessage) => boolean): Promise<Sdk.LiveServerMessage>;
}

async function connect(client: Sdk.GoogleGenAI, config: object): Promise<Conversation> {
  const messages: Sdk.LiveServerMessage[] = [];
  const waiting: (() => void)[] = [];
  const session = await client.live.connect({
    model: models.live,
    config: { responseModalities: [Modality.TEXT], ...config },
    callbacks: {
      onmessage(message) {
        messages.push(message);
        for (const look of waiting.splice(0)) look();
      },
    },
  });
  const until: Conversation['until'] = async (isSo) => {
    for (;;) {
      const found = messages.find(isSo);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { session, messages, until };
}

const isOver = ({ serverContent }: Sdk.LiveServerMessage) => serverContent?.turnComplete === true;
const opened = ['LiveConnect', 'LiveSetup'];

export async function liveCells(cells: Cells, client: Sdk.GoogleGenAI): Promise<void> {
  await cells.cell('Live', [...opened, 'LiveTurn'], async () => {
    const { session, messages, until } = await connect(client, {});
    session.sendClientContent({ turns: prompt });
    const last = await until(isOver);
    session.close();
    const parts = messages.flatMap(({ serverContent }) => serverContent?.modelTurn?.parts ?? []);
    assert.match(parts.map(({ text }) => text).join(''), /^[a-z ]{100}$/);
    assert.equal(parts.length, 4);
    assert.equal(last.usageMetadata?.responseTokenCount, 25);
  });
  await cells.cell('Live, sound', [...opened, 'LiveTurn'], async () => {
    const { session, messages, until } = await connect(client, {
      responseModalities: [Modality.AUDIO],
      systemInstruction: '[[leakbed chunks=2 bytes=9600]]',
    });
    for (const data of [Buffer.alloc(3200, Buffer.from([0, 40])), Buffer.alloc(32_000)]) {
      const audio = { data: data.toString('base64'), mimeType: 'audio/pcm;rate=16000' };
      session.sendRealtimeInput({ audio });
    }
    await until(isOver);
    session.close();
    const blobs = messages.flatMap(({ serverContent }) =>
      (serverContent?.modelTurn?.parts ?? []).map(({ inlineData }) => inlineData),
    );
    assert.deepEqual(
      blobs.map((blob) => Buffer.from(blob?.data ?? '', 'base64').length),
      [9600, 9600],
    );
  });
  await cells.cell('Live, tool', [...opened, 'LiveTurn', 'LiveTurn'], async () => {
    const tools = [{ functionDeclarations: [{ name: 'weather' }] }];
    const { session, until } = await connect(client, { tools });
    session.sendClientContent({ turns: '[[leakbed chunks=1 tool=1]]' });
    const { toolCall } = await until((message) => message.toolCall !== undefined);
    const call = toolCall?.functionCalls?.[0];
    assert.equal(call?.name, 'weather');
    const response = { note: '[[leakbed chunks=1]]' };
    session.sendToolResponse({
      functionResponses: [{ id: call?.id ?? '', name: 'weather', response }],
    });
    await until(isOver);
    session.close();
  });
}
