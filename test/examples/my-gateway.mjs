import { createServer } from 'node:http';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenAI } from '@google/genai';

const credentials = { accessKeyId: 'fake', secretAccessKey: 'fake' };
const bedrock = new BedrockRuntimeClient({ credentials });
const vertex = new GoogleGenAI({ vertexai: true, apiKey: 'fake' });

async function* answer(model, prompt, abortSignal) {
  if (model.startsWith('gemini')) {
    const request = { model, contents: prompt, config: { abortSignal } };
    for await (const { text } of await vertex.models.generateContentStream(request)) yield text;
  } else {
    const messages = [{ role: 'user', content: [{ text: prompt }] }];
    const command = new ConverseStreamCommand({ modelId: model, messages });
    const { stream } = await bedrock.send(command, { abortSignal });
    for await (const event of stream) yield event.contentBlockDelta?.delta?.text;
  }
}

createServer(async (request, response) => {
  if (request.method === 'GET') return response.end('healthy');
  const { model, messages } = JSON.parse(Buffer.concat(await request.toArray()).toString());
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.setHeader('content-type', 'text/event-stream');
  try {
    for await (const content of answer(model, messages.at(-1).content, gone.signal)) {
      if (content)
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  } catch {
    response.destroy();
  }
}).listen(8080, '127.0.0.1');
