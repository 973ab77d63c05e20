// Handles of resumable sessions: found while they are among the latest, forgotten then.

import { test } from 'tap';
import { seededRng } from '../../../../injectors/determinism.ts';
import { createHandles } from '../../../../mocks/vertex/live/handles.ts';

test('the oldest handle is forgotten when there are too many', (t) => {
  const handles = createHandles(3);
  const rng = seededRng(1);
  const session = { model: 'm', contextTokens: 7, origin: { isOpen: false } };
  const given = Array.from({ length: 10 }, () => handles.keep(session, rng));
  t.equal(new Set(given).size, 10);
  t.equal(handles.size, 3);
  t.equal(handles.find(given[0] ?? ''), undefined);
  t.same(handles.find(given[9] ?? ''), session);
  t.end();
});
