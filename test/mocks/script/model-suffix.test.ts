// What stands behind a model's id.

import { test } from 'tap';
import { splitModel } from '../../../mocks/script/model-suffix.ts';

const rows: [string, string, string | undefined][] = [
  ['gemini-2.0', 'gemini-2.0', undefined],
  ['m~truncate;at=3', 'm', 'fault=truncate;at=3'],
  ['m%7Etruncate%3Bat%3D3', 'm', 'fault=truncate;at=3'],
  ['m%7etruncate;at=50%25', 'm', 'fault=truncate;at=50%'],
  ['m~truncate;at=50%', 'm', 'fault=truncate;at=50%'],
  ['m~noop', 'm', 'fault=noop'],
  [
    'm~chunks=9~slow;gap=1ms~reset;at=mid-frame:3',
    'm',
    'chunks=9 fault=slow;gap=1ms fault=reset;at=mid-frame:3',
  ],
  ['v1:0~exception;name=%C3%A4%C3', 'v1:0', 'fault=exception;name=%C3%A4%C3'],
  ['~', '', 'fault='],
];

for (const [id, model, words] of rows) {
  test(`${id} is ${model} and the words ${words}`, async (t) => {
    t.same(splitModel(id), { model, words });
  });
}
