// Calls of IAMPolicy, which the clients of every service have: a policy from none to one that has
// changed since it was read.

import { parent, textOf, type VertexCall } from './vertex-call.ts';

const bindings = [{ role: 'roles/aiplatform.user', members: ['user:a@example.com'] }];
const permissions = ['aiplatform.endpoints.predict'];
/** The SDK's types ask for a message where its code takes plain fields. */
const asked = (fields: object) => fields as never;
/** Each run has a resource of its own: all share one server. */
let runs = 0;

export const policyCalls: readonly VertexCall[] = [
  {
    name: 'IAM policies',
    serves: ['GetIamPolicy', 'SetIamPolicy', 'GetIamPolicy', 'SetIamPolicy', 'TestIamPermissions'],
    async run({ prediction }) {
      // Another process may have asked the same fake.
      const resource = `${parent}/endpoints/${process.pid}-${++runs}`;
      const [before] = await prediction.getIamPolicy(asked({ resource }));
      const [set] = await prediction.setIamPolicy(asked({ resource, policy: { bindings } }));
      const [read] = await prediction.getIamPolicy(asked({ resource }));
      const stale = { bindings, etag: before.etag };
      const refused = await prediction
        .setIamPolicy(asked({ resource, policy: stale }))
        .catch((error) => error.code);
      const [held] = await prediction.testIamPermissions(asked({ resource, permissions }));
      return {
        before: before.bindings,
        read: read.bindings,
        isSame: textOf({ data: read.etag }) === textOf({ data: set.etag }),
        refused: String(refused),
        held: held.permissions,
      };
    },
    wanted: {
      before: { length: 0 },
      read: bindings,
      isSame: true,
      // Over REST the SDK's version 6 keeps the status of HTTP.
      refused: /^(10|409)$/,
      held: permissions,
    },
  },
];
