// The rule files rest on this: what is code, what a comment, what a literal.

import { test } from 'tap';
import { mask } from './mask.ts';

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

test('code, comments and literals are told apart, each in its place', async (t) => {
  const source = `const a = 'x // y'; // why\n/* two\nlines */ let b = \`p \${a + '}'} q\`;\n`;
  const { code, comments, literals } = mask(source);
  t.equal(squeezed(code), "const a = ' '; let b = ` {a + ' '} `;");
  t.equal(squeezed(comments), '// why /* two lines */');
  t.equal(squeezed(literals), 'x // y p $ } q');
  for (const layer of [code, comments, literals]) t.equal(layer.length, source.length);
});

test('a slash divides after a value and begins a pattern elsewhere', async (t) => {
  t.equal(squeezed(mask("f(/['/]/g, a / b / c); // d").code), 'f(/ /g, a / b / c);');
  t.equal(squeezed(mask('return /a{2}\\//.test(x) || y;').code), 'return / /.test(x) || y;');
});

test('templates nest, and braces inside an insertion do not end it', async (t) => {
  // The dollar that begins an insertion belongs to the text before it.
  const { code, literals } = mask(`\`a\${f({ b: \`c\${d}e\` })}g\`; h();`);
  t.equal(squeezed(literals), 'a$ c$ e g');
  t.equal(squeezed(code), '` {f({ b: ` {d} ` })} `; h();');
});
