// The operations beside the model: token counts, guardrails, asynchronous invocations.

import {
  ApplyGuardrailCommand,
  ConverseCommand,
  CountTokensCommand,
  GetAsyncInvokeCommand,
  InvokeGuardrailChecksCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ListAsyncInvokesCommand,
  paginateListAsyncInvokes,
  StartAsyncInvokeCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { claude, messagesBody } from '../../fixtures/bedrock-answer.ts';
import { converseInput } from '../../fixtures/bedrock-clients.ts';
import { overBothTransports } from '../../fixtures/bedrock-transports.ts';

overBothTransports('CountTokens gives what Converse then charges', async (t, client) => {
  const { modelId, ...converse } = converseInput('How many tokens are in this?');
  const input = { converse };
  const { inputTokens } = await client.send(new CountTokensCommand({ modelId, input }));
  const answer = await client.send(new ConverseCommand({ modelId, ...converse }));
  t.equal(inputTokens, answer.usage?.inputTokens);
  t.ok(inputTokens && inputTokens > 5);
});

overBothTransports('CountTokens counts an InvokeModel body', async (t, client) => {
  const body = JSON.stringify(messagesBody);
  const input = { invokeModel: { body: Buffer.from(body) } };
  const { inputTokens } = await client.send(new CountTokensCommand({ modelId: claude, input }));
  const answer = await client.send(new InvokeModelCommand({ modelId: claude, body }));
  t.equal(inputTokens, JSON.parse(answer.body.transformToString()).usage.input_tokens);
});

overBothTransports('CountTokens refuses models that cannot count', async (t, client) => {
  const { modelId: _, ...converse } = converseInput('Hi');
  const asked = client.send(
    new CountTokensCommand({ modelId: 'amazon.nova-lite-v1:0', input: { converse } }),
  );
  const message = "The provided model doesn't support counting tokens.";
  await t.rejects(asked, { name: 'ValidationException', message });
});

const guarded = (text: string) =>
  new ApplyGuardrailCommand({
    guardrailIdentifier: 'abc123def456',
    guardrailVersion: '1',
    source: 'INPUT',
    content: [{ text: { text, qualifiers: ['query'] } }],
  });

overBothTransports('ApplyGuardrail lets a text pass or blocks it', async (t, client) => {
  const passed = await client.send(guarded('All is well.'));
  t.match(passed, { action: 'NONE', outputs: [], usage: { contentPolicyUnits: 1 } });
  t.match(passed.guardrailCoverage, { textCharacters: { guarded: 12, total: 12 } });
  const blocked = await client.send(guarded('[[leakbed stop=guardrail]]'));
  t.equal(blocked.action, 'GUARDRAIL_INTERVENED');
  t.ok(blocked.outputs?.[0]?.text);
  t.match(blocked.assessments?.[0]?.contentPolicy?.filters, [{ action: 'BLOCKED' }]);
  t.equal(blocked.assessments?.[0]?.appliedGuardrailDetails?.guardrailId, 'abc123def456');
});

overBothTransports('InvokeModel says what a guardrail did', async (t, client) => {
  const asked = async (content: string, trace?: 'ENABLED') => {
    const body = JSON.stringify({ ...messagesBody, messages: [{ role: 'user', content }] });
    const guardrail = { guardrailIdentifier: 'abc123def456', guardrailVersion: '1' };
    const input = { modelId: claude, body, ...guardrail, ...(trace && { trace }) };
    const { body: whole } = await client.send(new InvokeModelCommand(input));
    const streamed = await client.send(new InvokeModelWithResponseStreamCommand(input));
    let last: unknown;
    for await (const { chunk } of streamed.body ?? []) {
      last = JSON.parse(Buffer.from(chunk?.bytes ?? []).toString());
    }
    return [JSON.parse(whole.transformToString()), last];
  };
  for (const value of await asked('Hi')) {
    t.match(value, { 'amazon-bedrock-guardrailAction': 'NONE' });
    t.notOk('amazon-bedrock-trace' in value);
  }
  for (const value of await asked('[[leakbed stop=guardrail]]', 'ENABLED')) {
    t.match(value, {
      'amazon-bedrock-guardrailAction': 'INTERVENED',
      'amazon-bedrock-trace': { guardrail: { input: { abc123def456: { contentPolicy: {} } } } },
    });
  }
  const plain = await client.send(
    new InvokeModelCommand({ modelId: claude, body: JSON.stringify(messagesBody) }),
  );
  t.notMatch(plain.body.transformToString(), 'guardrail');
});

overBothTransports('ApplyGuardrail names a version that cannot be', async (t, client) => {
  const command = guarded('x');
  command.input.guardrailVersion = 'latest';
  await t.rejects(client.send(command), {
    name: 'ValidationException',
    message: /'guardrailVersion' failed to satisfy constraint: Member must satisfy regular/,
  });
});

overBothTransports('InvokeGuardrailChecks scores what is asked', async (t, client) => {
  const checks = {
    contentFilter: {
      categories: [{ category: 'HATE' as const }, { category: 'VIOLENCE' as const }],
    },
    sensitiveInformation: { entities: [{ type: 'EMAIL' as const }] },
  };
  const ask = (text: string) =>
    client.send(
      new InvokeGuardrailChecksCommand({
        messages: [{ role: 'user', content: [{ text }] }],
        checks,
      }),
    );
  const clean = await ask('Hello');
  t.match(clean.results?.contentFilter?.results, [
    { category: 'HATE', severityScore: 0 },
    { category: 'VIOLENCE', severityScore: 0 },
  ]);
  t.same(clean.results?.sensitiveInformation?.results, []);
  t.match(clean.usage, { contentFilter: { textUnits: 1 }, promptAttack: undefined });
  const hit = await ask('[[leakbed stop=guardrail]]');
  t.match(hit.results?.sensitiveInformation?.results, [{ type: 'EMAIL', confidenceScore: 0.9 }]);
});

const start = (prompt: string, more: object = {}) =>
  new StartAsyncInvokeCommand({
    modelId: 'amazon.nova-reel-v1:0',
    modelInput: { textToVideoParams: { text: prompt } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://some-bucket/out' } },
    ...more,
  });

overBothTransports('a job is done after as many requests as its script says', async (t, client) => {
  const { invocationArn } = await client.send(start('[[leakbed polls=2]]'));
  const statusOf = async () => {
    const job = await client.send(new GetAsyncInvokeCommand({ invocationArn }));
    return [job.status, job.endTime instanceof Date];
  };
  t.same(await statusOf(), ['InProgress', false]);
  t.same(await statusOf(), ['InProgress', false]);
  t.same(await statusOf(), ['Completed', true]);
  t.same(await statusOf(), ['Completed', true]);
});

overBothTransports('a job whose script does not end well fails', async (t, client) => {
  const { invocationArn } = await client.send(start('[[leakbed polls=0 stop=content-filter]]'));
  const job = await client.send(new GetAsyncInvokeCommand({ invocationArn }));
  t.match(job, { status: 'Failed', failureMessage: String, submitTime: Date });
  t.match(job.outputDataConfig, { s3OutputDataConfig: { s3Uri: 's3://some-bucket/out' } });
});

overBothTransports(
  'a repeated token gives the same job, a changed one a conflict',
  async (t, client) => {
    const clientRequestToken = '00000000-1111-4222-8333-444444444444';
    const first = await client.send(start('one', { clientRequestToken }));
    t.same(
      (await client.send(start('one', { clientRequestToken }))).invocationArn,
      first.invocationArn,
    );
    const changed = client.send(start('two', { clientRequestToken }));
    await t.rejects(changed, { name: 'ConflictException', $metadata: { httpStatusCode: 400 } });
  },
);

overBothTransports('jobs are listed by status and in pages', async (t, client) => {
  for (let index = 0; index < 5; index++) await client.send(start(`number ${index}`));
  const arns = new Set<string | undefined>();
  let pages = 0;
  for await (const page of paginateListAsyncInvokes({ client, pageSize: 2 }, {})) {
    pages += 1;
    for (const job of page.asyncInvokeSummaries ?? []) arns.add(job.invocationArn);
  }
  t.same([pages, arns.size], [3, 5]);
  const done = await client.send(new ListAsyncInvokesCommand({ statusEquals: 'Completed' }));
  t.same(done.asyncInvokeSummaries, []);
  const tooMany = client.send(new ListAsyncInvokesCommand({ maxResults: 1001 }));
  await t.rejects(tooMany, { name: 'ValidationException', message: /less than or equal to 1000/ });
});

overBothTransports('a job that nobody started is refused', async (t, client) => {
  const invocationArn = 'arn:aws:bedrock:us-east-1:123456789012:async-invoke/abcdefghij12';
  const asked = client.send(new GetAsyncInvokeCommand({ invocationArn }));
  await t.rejects(asked, { name: 'ValidationException' });
});
