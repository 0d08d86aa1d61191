import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorBody } from '../../container/contract/errors.ts';
import { KeplerError } from '../../container/contract/errors.ts';
import type {
  ApplyMeta,
  ApplyPlan,
  ChangeRequest,
  CollectMeta,
  DeleteReply,
  FitSpec,
  ModelReference,
  ModelsReply,
  ReadRequest,
  ReplyMeta,
  ResultTable,
  SampleSpec,
  ScoreSpec,
  SplunkSession,
  SummaryRequest,
} from '../../container/contract/requests.ts';
import { REPLIES, REQUESTS, TOKEN_CLAIMS } from '../../container/contract/schemas.ts';
import type { Schema } from '../../container/contract/schemas.ts';
import type { TokenClaims } from '../../container/contract/token.ts';

// That each schema has exactly the fields of its type is checked by the compiler (see `Properties` in schemas.ts). Here:
// that they compile, take what they should, and refuse what they should not.

const job = '0b9e8f2c-1d3a-4c5b-8e7f-0123456789ab';
const model: Required<ModelReference> = {
  namespace: 'user',
  name: 'iris',
  version: 1,
  alias: 'champion',
  explicitNamespace: true,
};
const search = { sid: '1', search: 's', earliest: '0', latest: 'now', splunkVersion: '10' };
const fitSpec: Required<FitSpec> = {
  algorithm: 'PCA',
  mode: 'stage',
  options: { k: '2' },
  targets: ['y'],
  fields: ['*'],
  by: ['g'],
  into: { namespace: 'app', name: 'm' },
  as: 'z',
  apply: true,
  partialFit: false,
  promote: true,
  alias: 'b',
  sampleCount: 10,
  sampleSeed: -1,
  kfoldCv: 3,
  holdout: 0.2,
  holdoutBy: '_time',
  holdoutSeed: 7,
  unseenValue: 'skip',
  tell: { project: 'p', useCase: 'u', index: 'i' },
};
const session: SplunkSession = { uri: 'https://127.0.0.1:8089', key: 'k' };
const fitMeta: Required<CollectMeta<FitSpec>> = {
  job,
  chunk: 0,
  finished: false,
  spec: fitSpec,
  search,
  session,
};
const scoreMeta: CollectMeta<ScoreSpec> = {
  job,
  chunk: 0,
  finished: true,
  spec: { method: 'r2_score', options: {}, a: ['a'], b: ['b'] },
};
const sampleSpec: Required<SampleSpec> = {
  ratio: 0.5,
  count: 1,
  proportional: 'w',
  inverse: false,
  partitions: 3,
  fieldName: 'f',
  seed: 1,
  by: 'g',
};
const applyMeta: Required<ApplyMeta> = {
  ...fitMeta,
  spec: { model, options: {}, as: 'x', tell: fitSpec.tell },
};
const summary: SummaryRequest = { model, options: {} };
const read: Required<ReadRequest> = { noun: 'models', name: 'iris', options: { owner: 'ann' } };
const change: Required<ChangeRequest> = { verb: 'promote', name: 'iris@2', options: { owner: 'ann' } };
const reply: Required<ReplyMeta> = {
  messages: [{ level: 'WARN', text: 't' }],
  metrics: { parse_ms: 1.5 },
  version: { namespace: 'user', name: 'm', version: 1 },
  algorithm: 'PCA',
};
const plan: Required<ApplyPlan> = {
  version: reply.version,
  algorithm: 'PCA',
  requiredFields: ['a'],
  needs: ['splunk'],
};
const table: ResultTable = { fields: ['a'], rows: [['1'], [null], [['x', 'y']]], messages: [] };
const models: ModelsReply = {
  models: [
    {
      name: 'm',
      type: 'PCA',
      options: '',
      owner: 'o',
      app: 'a',
      sharing: 'app',
      version: null,
      versions: [1],
    },
  ],
  messages: [],
};
const deleted: DeleteReply = { namespace: 'user', name: 'm', versions: [1] };
const failed: ErrorBody = new KeplerError('internal', 'm', { details: { a: 1 } }).toBody();
const claims: Required<TokenClaims> = {
  iss: 'kepler-search-head',
  aud: 'kepler-runtime',
  sub: 'ann',
  app: 'search',
  roles: [],
  capabilities: ['edit_kepler_models'],
  apps: { search: { read: ['*'], write: [] } },
  sid: '',
  acl: { read: ['*'], write: [] },
  iat: 1,
  exp: 2,
};

const GOOD: [string, Schema<unknown>, object][] = [
  ['fitMeta', REQUESTS.fitMeta, fitMeta],
  ['scoreMeta', REQUESTS.scoreMeta, scoreMeta],
  ['sampleMeta', REQUESTS.sampleMeta, { ...scoreMeta, spec: sampleSpec }],
  ['applyMeta', REQUESTS.applyMeta, applyMeta],
  ['applySpec', REQUESTS.applySpec, applyMeta.spec],
  ['fitSpec', REQUESTS.fitSpec, fitSpec],
  ['fitPlan', REQUESTS.fitPlan, { algorithm: 'Mine' }],
  ['summaryRequest', REQUESTS.summaryRequest, summary],
  ['modelReference', REQUESTS.modelReference, model],
  ['readRequest', REQUESTS.readRequest, read],
  ['changeRequest', REQUESTS.changeRequest, change],
  ['enrolRequest', REQUESTS.enrolRequest, { code: 'K1-x', key: 'PEM' }],
  ['enrolReply', REPLIES.enrolReply, { kid: 'ab' }],
  ['secretsReply', REPLIES.secretsReply, { kept: ['hec_token'], removed: [] }],
  ['replyMeta', REPLIES.replyMeta, reply],
  ['applyPlan', REPLIES.applyPlan, plan],
  ['fitPlanReply', REPLIES.fitPlanReply, { needs: ['splunk'] }],
  ['fitCheckReply', REPLIES.fitCheckReply, { messages: [] }],
  ['resultTable', REPLIES.resultTable, table],
  ['modelsReply', REPLIES.modelsReply, models],
  ['deleteReply', REPLIES.deleteReply, deleted],
  ['errorBody', REPLIES.errorBody, failed],
  ['claims', TOKEN_CLAIMS, claims],
];

const check = (schema: Schema<unknown>, value: unknown) =>
  new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema)(value);

it('has an example of every schema', () => {
  const names = [...Object.keys(REQUESTS), ...Object.keys(REPLIES), 'claims'];
  expect(GOOD.map(([name]) => name).sort()).toEqual(names.sort());
});

it.each(GOOD)('%s takes its example, with all that is optional', (_name, schema, value) => {
  expect(check(schema, value)).toBe(true);
});

it.each(GOOD)('%s wants each required field, of its type', (_name, schema, value) => {
  for (const field of schema.required as string[]) {
    const without: Record<string, unknown> = { ...value };
    delete without[field];
    expect([field, check(schema, without)]).toEqual([field, false]);
    expect([field, check(schema, { ...value, [field]: undefined })]).toEqual([field, false]);
    expect([field, check(schema, { ...value, [field]: Symbol.for('of no type at all') })]).toEqual([
      field,
      false,
    ]);
  }
  for (const wrong of [null, [], 'text', 1]) expect(check(schema, wrong)).toBe(false);
});

it.each(Object.entries(REQUESTS))('%s refuses a field that it does not know', (name, schema) => {
  const [, , value] = GOOD.find(([other]) => other === name)!;
  expect(check(schema, { ...value, unheard: 1 })).toBe(false);
});

it('lets later chunks go without a spec, but not the first', () => {
  const rest: Partial<typeof fitMeta> = { ...fitMeta };
  delete (rest as { spec?: FitSpec }).spec;
  expect(check(REQUESTS.fitMeta, { ...rest, chunk: 1 })).toBe(true);
  expect(check(REQUESTS.fitMeta, rest)).toBe(false);
});
