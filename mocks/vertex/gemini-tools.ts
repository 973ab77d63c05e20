// Function declarations of a Gemini request and whether one of them must be called.
// Source: google/cloud/aiplatform/v1/tool.proto.

import { ProviderError } from '../provider.ts';
import type { OfferedTool } from '../script/tool.ts';
import { type Fields, fieldsOf, listOf, textOf } from './json.ts';

export interface GeminiTools {
  readonly tools?: readonly OfferedTool[];
  /** Name of the tool that must be called; empty when any will do. */
  readonly forcedTool?: string;
}

export function readGeminiTools(request: Fields): GeminiTools {
  const declarations = listOf(request('tools')).flatMap((tool) =>
    listOf(fieldsOf(tool)?.('functionDeclarations')),
  );
  if (declarations.length === 0) return {};
  const tools = declarations.map((declaration, index) => readDeclaration(declaration, index));
  const config = callingConfig(request);
  const mode = textOf(config?.('mode'));
  if (mode === 'NONE' || mode === '3') return {};
  if (mode !== 'ANY' && mode !== '2') return { tools };
  const [allowed] = listOf(config?.('allowedFunctionNames'));
  return { tools, forcedTool: typeof allowed === 'string' ? allowed : '' };
}

/** Whether calls are to be told bit by bit; models before Gemini 3 would refuse to. */
export function wantsPartialArgs(request: Fields): boolean {
  return callingConfig(request)?.('streamFunctionCallArguments') === true;
}

function callingConfig(request: Fields): Fields | undefined {
  return fieldsOf(fieldsOf(request('toolConfig'))?.('functionCallingConfig'));
}

function readDeclaration(declaration: unknown, index: number): OfferedTool {
  const fields = fieldsOf(declaration);
  const name = fields?.('name');
  if (typeof name !== 'string' || !/^[A-Za-z_][\w.:-]{0,127}$/.test(name)) {
    throw new ProviderError(
      'INVALID_ARGUMENT',
      `Invalid value at 'tools.function_declarations[${index}].name': must start with a letter or ` +
        'underscore, and hold letters, digits, underscores, dots, colons or dashes only, ' +
        'at most 128 of them.',
    );
  }
  const schema = fields?.('parametersJsonSchema') ?? fields?.('parameters');
  return { name, ...(schema !== undefined && schema !== null && { schema }) };
}
