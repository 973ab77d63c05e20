// The words of a fault, there and back.

import { test } from 'tap';
import { parseFaultWords, printFault } from '../../injectors/plan.ts';

test('words become a fault and the fault the same words', async (t) => {
  for (const words of ['noop', 'truncate;at=50%;end=cut', 'exception;message=a=b']) {
    t.equal(printFault(parseFaultWords(words)), words);
  }
  t.same(parseFaultWords(' stall ; at=2 ;;for=1s; '), {
    fault: 'stall',
    options: { at: '2', for: '1s' },
  });
});

test('a word without a value is true, and no name is lost', async (t) => {
  const { options } = parseFaultWords('noop;flag;__proto__=1');
  t.same(Object.keys(options ?? {}), ['flag', '__proto__']);
  t.equal(options?.flag, true);
});
