// StartAsyncInvoke, GetAsyncInvoke, ListAsyncInvokes. Jobs live in the server's memory.
// Source: API reference of Bedrock Runtime (2023-09-30).

import { type ApiRequest, type Call, type Operation, ProviderError } from '../../provider.ts';
import { splitModel } from '../../script/model-suffix.ts';
import { tokensOf } from '../../script/text.ts';
import { parseBody, undeserializable } from '../constraints.ts';
import { awsAccount, s3Uri } from '../converse-shape.ts';
import { jsonAnswer } from '../json-answer.ts';
import { readModelId } from '../model-id.ts';
import { shortModelId } from '../model-id-shape.ts';
import { checkQuery, pageMembers, pageOf } from '../page.ts';
import { foundationModelArn, regionOf, resourceArn } from '../resource-arn.ts';
import { checkMembers, type Members } from '../shape.ts';
import { createJobs, type Jobs, jobJson, statusOf } from './jobs.ts';

/** Each server remembers its own, the last thousand. */
function jobsOf({ memory }: ApiRequest): Jobs {
  return memory.of('bedrock.async-invokes', () => createJobs(1000));
}

const tagPattern = '[a-zA-Z0-9\\s._:/=+@-]*';

export const startMembers: Members = {
  modelId: shortModelId,
  modelInput: { required: true, type: 'document' },
  outputDataConfig: {
    required: true,
    type: 'structure',
    union: 'AsyncInvokeOutputDataConfig',
    members: {
      s3OutputDataConfig: {
        type: 'structure',
        members: {
          s3Uri: { ...s3Uri, required: true },
          kmsKeyId: {
            type: 'string',
            min: 1,
            max: 2048,
            pattern:
              'arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key/[a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+))',
          },
          bucketOwner: awsAccount,
        },
      },
    },
  },
  clientRequestToken: { type: 'string', min: 1, max: 256, pattern: '[!-~]*' },
  tags: {
    type: 'list',
    max: 200,
    of: {
      type: 'structure',
      members: {
        key: { required: true, type: 'string', min: 1, max: 128, pattern: tagPattern },
        value: { required: true, type: 'string', max: 256, pattern: tagPattern },
      },
    },
  },
};

interface StartCall extends Call {
  readonly body: Readonly<Record<string, unknown>>;
}

export const startAsyncInvoke: Operation<StartCall> = {
  name: 'StartAsyncInvoke',
  read(request) {
    const body = parseBody(request.body);
    checkMembers(body, startMembers);
    const prompt = JSON.stringify(body.modelInput);
    const inputTokens = tokensOf(prompt.length);
    const { model: id, words: modelWords } = splitModel(String(body.modelId));
    const { raw: model } = readModelId(id);
    return { operation: 'StartAsyncInvoke', model, modelWords, prompt, inputTokens, body };
  },
  answer: ({ body, model }, script, request) =>
    jsonAnswer(request, () => {
      const jobs = jobsOf(request);
      const token =
        typeof body.clientRequestToken === 'string' ? body.clientRequestToken : undefined;
      const fingerprint = JSON.stringify({ ...body, clientRequestToken: undefined });
      const known = token === undefined ? undefined : jobs.withToken(token);
      if (known !== undefined && known.fingerprint !== fingerprint) {
        throw new ProviderError('ConflictException', '');
      }
      const region = regionOf(request);
      const id = script.rng.fork('job').next().toString(36).slice(2).padEnd(12, '0').slice(0, 12);
      const job =
        known ??
        jobs.add({
          arn: resourceArn(region, 'async-invoke', id),
          modelArn: model.startsWith('arn:') ? model : foundationModelArn(region, model),
          token,
          fingerprint,
          outputDataConfig: body.outputDataConfig,
          failure: script.stopReason === 'end' ? undefined : 'The model could not finish the job.',
          pollsLeft: script.settings.polls,
        });
      return { invocationArn: job.arn };
    }),
};

export const getMembers: Members = {
  invocationArn: {
    required: true,
    type: 'string',
    min: 1,
    max: 2048,
    pattern: 'arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:async-invoke/[a-z0-9]{12}',
  },
};

interface GetCall extends Call {
  readonly arn: string;
}

export const getAsyncInvoke: Operation<GetCall> = {
  name: 'GetAsyncInvoke',
  read(request, { invocationArn: arn = '' }) {
    checkMembers({ invocationArn: arn }, getMembers);
    if (jobsOf(request).find(arn) === undefined) {
      throw new ProviderError('validation', 'The provided invocation ARN is invalid.');
    }
    return { operation: 'GetAsyncInvoke', model: '', prompt: '', inputTokens: 0, arn };
  },
  answer: ({ arn }, _script, request) =>
    jsonAnswer(request, () => {
      const job = jobsOf(request).poll(arn);
      return job === undefined ? {} : jobJson(job);
    }),
};

export const listMembers: Members = {
  ...pageMembers,
  statusEquals: { type: 'string', values: ['InProgress', 'Completed', 'Failed'] },
  sortBy: { type: 'string', values: ['SubmissionTime'] },
  sortOrder: { type: 'string', values: ['Ascending', 'Descending'] },
};

export const listAsyncInvokes: Operation = {
  name: 'ListAsyncInvokes',
  read({ query }) {
    checkQuery(query, listMembers);
    for (const name of ['submitTimeAfter', 'submitTimeBefore']) {
      const time = query.get(name);
      if (time !== null && Number.isNaN(Date.parse(time))) {
        throw undeserializable(`${name} is not a timestamp.`);
      }
    }
    return { operation: 'ListAsyncInvokes', model: '', prompt: '', inputTokens: 0 };
  },
  answer: (_call, _script, request) =>
    jsonAnswer(request, () => {
      const { query } = request;
      const after = Date.parse(query.get('submitTimeAfter') ?? '');
      const before = Date.parse(query.get('submitTimeBefore') ?? '');
      const status = query.get('statusEquals');
      const found = jobsOf(request)
        .all()
        .filter((job) => {
          const time = Date.parse(job.submitTime);
          // A comparison with NaN, for a bound that was not given, excludes nothing.
          if (time < after || time > before) return false;
          return status === null || statusOf(job) === status;
        });
      // The newest comes first unless asked otherwise.
      const sorted = query.get('sortOrder') === 'Ascending' ? found : found.toReversed();
      const { items, nextToken } = pageOf(sorted, query);
      return { asyncInvokeSummaries: items.map(jobJson), ...(nextToken && { nextToken }) };
    }),
};
