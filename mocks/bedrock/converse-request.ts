// Reads and validates the request of Converse and ConverseStream, first the constraints of the
// API's model, then the rules of a conversation. Source: API reference, "Converse" (2023-09-30).

import { type ApiRequest, type Call, ProviderError } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import {
  type Constraints,
  createConstraints,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  parseBody,
  stringAt,
} from './constraints.ts';
import { readContent } from './content-block.ts';
import { readModelId } from './model-id.ts';
import { familyOf } from './models/index.ts';

const roles = ['user', 'assistant', 'system'];

export function readConverse(
  operation: string,
  request: ApiRequest,
  params: Readonly<Record<string, string>>,
): Call {
  const model = readModelId(params.modelId ?? '');
  const body = parseBody(request.body);
  const constraints = createConstraints();
  const messages = readMessages(listAt(body.messages) ?? [], constraints);
  const system = readSystem(listAt(body.system) ?? []);
  const maxTokens = checkInference(objectAt(body.inferenceConfig) ?? {}, constraints);
  checkTools(objectAt(body.toolConfig), constraints);
  checkRest(body, constraints);
  constraints.check();
  if (familyOf(model)?.isEmbedding === true) throw unsupportedModel();
  const content = checkConversation(messages);
  const prompt = content
    .filter(({ role }) => role === 'user')
    .map(({ text }) => text)
    .join('\n');
  const characters = content.reduce((sum, { text }) => sum + text.length, system.length);
  const call = { operation, model: model.raw, prompt, inputTokens: tokensOf(characters) };
  return maxTokens === undefined ? call : { ...call, maxTokens };
}

interface Message {
  readonly role: string;
  readonly content: readonly unknown[];
}

function readMessages(messages: readonly unknown[], constraints: Constraints): Message[] {
  return messages.map((raw, index) => {
    const path = `messages.${index + 1}.member`;
    const message = objectAt(raw) ?? {};
    const role = stringAt(message.role);
    if (constraints.present(role, `${path}.role`)) constraints.oneOf(role, `${path}.role`, roles);
    const content = listAt(message.content);
    constraints.present(content, `${path}.content`);
    return { role: role ?? '', content: content ?? [] };
  });
}

function readSystem(blocks: readonly unknown[]): string {
  return blocks.map((block) => stringAt(objectAt(block)?.text) ?? '').join('\n');
}

function checkInference(config: JsonObject, constraints: Constraints): number | undefined {
  const path = 'inferenceConfig';
  const maxTokens = numberAt(config.maxTokens, 'Integer');
  constraints.range(maxTokens, `${path}.maxTokens`, 1);
  constraints.range(numberAt(config.temperature, 'Float'), `${path}.temperature`, 0, 1);
  constraints.range(numberAt(config.topP, 'Float'), `${path}.topP`, 0, 1);
  const stops = listAt(config.stopSequences);
  constraints.length(stops, `${path}.stopSequences`, 0, 2500);
  stops?.forEach((stop, index) => {
    constraints.length(stringAt(stop), `${path}.stopSequences.${index + 1}.member`, 1);
  });
  return maxTokens;
}

function checkTools(config: JsonObject | undefined, constraints: Constraints): void {
  if (config === undefined) return;
  const tools = listAt(config.tools);
  if (!constraints.present(tools, 'toolConfig.tools')) return;
  constraints.length(tools, 'toolConfig.tools', 1);
  tools?.forEach((raw, index) => {
    const spec = objectAt(objectAt(raw)?.toolSpec);
    if (spec === undefined) return;
    const path = `toolConfig.tools.${index + 1}.member.toolSpec`;
    const name = stringAt(spec.name);
    if (constraints.present(name, `${path}.name`)) {
      constraints.length(name, `${path}.name`, 1, 64);
    }
    constraints.length(stringAt(spec.description), `${path}.description`, 1);
    constraints.present(objectAt(spec.inputSchema), `${path}.inputSchema`);
  });
}

function checkRest(body: JsonObject, constraints: Constraints): void {
  const paths = listAt(body.additionalModelResponseFieldPaths);
  constraints.length(paths, 'additionalModelResponseFieldPaths', 0, 10);
  const metadata = objectAt(body.requestMetadata);
  const entries = metadata && Object.keys(metadata);
  constraints.length(entries, 'requestMetadata', 1, 16);
}

/** What only a look at the whole conversation shows. */
function checkConversation(messages: readonly Message[]): { role: string; text: string }[] {
  if (messages[0]?.role !== 'user') {
    const hint = 'Try again with a conversation that starts with a user message.';
    throw new ProviderError('validation', `A conversation must start with a user message. ${hint}`);
  }
  return messages.map(({ role, content }, index) => {
    if (content.length === 0) {
      const where = `The content field in the Message object at messages.${index} is empty.`;
      const hint = 'Add a ContentBlock object to the content field and try again.';
      throw new ProviderError('validation', `${where} ${hint}`);
    }
    const texts = content.map((block, at) => readContent(block, `messages.${index}.content.${at}`));
    return { role, text: texts.join('\n') };
  });
}

function unsupportedModel(): ProviderError {
  const hint = 'Try again with a supported text or chat model.';
  return new ProviderError(
    'validation',
    `This action doesn't support the model that you provided. ${hint}`,
  );
}
