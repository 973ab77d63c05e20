// The bytes of ConverseStream as the AWS SDK sends them, caught once and sent again by the load.

import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { bytesOf, captureHttp1 } from '../../fixtures/captured-request.ts';
import { claude } from '../../fixtures/raw-clients.ts';

/** `words`: a directive, which only leakbed reads. */
export async function converseRequest(words: string): Promise<Buffer> {
  const captured = await captureHttp1(async (endpoint) => {
    const client = new BedrockRuntimeClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'any' },
      requestHandler: new NodeHttpHandler(),
      maxAttempts: 1,
    });
    const content = [{ text: `Why is the sky blue? [[leakbed ${words}]]` }];
    const messages = [{ role: 'user' as const, content }];
    await client.send(new ConverseStreamCommand({ modelId: claude, messages }));
  });
  return bytesOf(captured);
}
