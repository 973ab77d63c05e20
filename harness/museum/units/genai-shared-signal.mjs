// Calls of Google's SDK that share one AbortSignal.

import { GoogleGenAI } from '@google/genai';

const { signal: shutdown } = new AbortController();
let client;

export default async function callWithSharedSignal({ vertexUrl }) {
  const httpOptions = { baseUrl: vertexUrl };
  client ??= new GoogleGenAI({ vertexai: true, apiKey: 'leakbed', httpOptions });
  await client.models.generateContent({
    model: 'gemini-2.5-flash',
    contents: 'hello',
    config: { abortSignal: shutdown },
  });
}
