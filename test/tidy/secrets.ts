// Rule: nothing that looks like a credential. The shapes are those the issuers document; the
// example keys of their documentation are allowed.

import { lineAt, type Rule } from './tree.ts';

const shapes: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: 'a Google API key', pattern: /\bAIza[0-9A-Za-z_-]{35}\b/g },
  { what: 'a GitHub token', pattern: /\bgh[pousr]_[0-9A-Za-z]{36}\b/g },
  { what: 'an npm token', pattern: /\bnpm_[0-9A-Za-z]{36}\b/g },
  { what: 'a provider key', pattern: /\bsk-(?:ant-|proj-)?[0-9A-Za-z_-]{32,}\b/g },
  { what: 'a signed token', pattern: /\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{16,}/g },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g },
];

export const secrets: Rule = ({ texts }) =>
  [...texts].flatMap(([path, text]) =>
    shapes.flatMap(({ what, pattern }) =>
      [...text.matchAll(pattern)]
        .filter(([found]) => !found.endsWith('EXAMPLE'))
        .map(({ index }) => `${path}:${lineAt(text, index)}: looks like ${what}. Remove it.`),
    ),
  );
