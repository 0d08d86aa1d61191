/**
 * JSON Schemas (draft 2020-12) of what crosses the wire. Each is built from pieces that carry the TypeScript type they
 * describe, so that a field added to, taken from or retyped in `requests.ts` without its schema does not compile.
 */
import type { ErrorBody } from './errors.ts';
import type {
  ApplyMeta,
  ApplyPlan,
  ApplySpec,
  ChangeRequest,
  CollectMeta,
  DeleteReply,
  EnrolReply,
  EnrolRequest,
  FitCheckReply,
  FitPlan,
  FitPlanRequest,
  FitSpec,
  Message,
  MessageLevel,
  ModelListing,
  ModelName,
  ModelReference,
  ModelsReply,
  Namespace,
  Need,
  RawOptions,
  ReadRequest,
  ReplyMeta,
  ResolvedModel,
  ResultTable,
  SampleSpec,
  ScoreSpec,
  SearchContext,
  SecretsReply,
  TellAs,
  SplunkSession,
  SummaryRequest,
} from './requests.ts';
import type { AppAccess, TokenClaims } from './token.ts';
import type { WorkbenchLink, WorkbenchLinkRequest } from './workbench.ts';

/** A schema of values of type T. T stands in no value: it is there for the compiler. */
export interface Schema<T> {
  readonly $id?: string;
  readonly type?: string | readonly string[];
  readonly [keyword: string]: unknown;
  readonly of?: () => T;
}

interface Optional<T> {
  readonly optional: Schema<T>;
}

type Properties<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Schema<T[K]>;
};

function text(limits: { minLength?: number; maxLength?: number; pattern?: string } = {}): Schema<string> {
  return { type: 'string', ...limits };
}

function integer(limits: { minimum?: number; maximum?: number } = {}): Schema<number> {
  return { type: 'integer', ...limits };
}

function oneOf<const T extends string>(...values: readonly T[]): Schema<T> {
  return { type: 'string', enum: values };
}

function list<T>(items: Schema<T>): Schema<readonly T[]> {
  return { type: 'array', items };
}

function map<T>(values: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return { type: 'object', additionalProperties: values };
}

function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

/** `$id` names it in the OpenAPI document. What is not listed is refused unless `open`. */
function object<T>($id: string, properties: Properties<T>, open = false): Schema<T> {
  type Piece = Schema<unknown> | Optional<unknown>;
  const entries = Object.entries(properties as Readonly<Record<string, Piece>>);
  const isOptional = (piece: Piece): piece is Optional<unknown> => 'optional' in piece;
  return {
    $id,
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([key, piece]) => [key, isOptional(piece) ? piece.optional : piece]),
    ),
    required: entries.filter(([, piece]) => !isOptional(piece)).map(([key]) => key),
    ...(!open && { additionalProperties: false }),
  };
}

const flag: Schema<boolean> = { type: 'boolean' };
const number: Schema<number> = { type: 'number' };
const names = list(text());
const count = integer({ minimum: 0 });
const options: Schema<RawOptions> = map(text());
const namespace: Schema<Namespace> = oneOf('user', 'app');
const version = integer({ minimum: 1 });

const modelName = object<ModelName>('ModelName', { namespace, name: text() });

const modelReference = object<ModelReference>('ModelReference', {
  namespace,
  name: text(),
  // Any number: that 0 is no version is the registry's to say, in words for the person who wrote it.
  version: optional(integer()),
  alias: optional(text()),
  explicitNamespace: optional(flag),
});

const searchContext = object<SearchContext>('SearchContext', {
  sid: text(),
  search: optional(text()),
  earliest: optional(text()),
  latest: optional(text()),
  splunkVersion: optional(text()),
});

const splunkSession = object<SplunkSession>('SplunkSession', {
  uri: text({ maxLength: 2000 }),
  key: text({ minLength: 1, maxLength: 10_000 }),
});

const needs: Schema<readonly Need[]> = list(oneOf('splunk', 'registry'));

const tellAs = object<TellAs>('TellAs', {
  project: optional(text({ minLength: 1 })),
  useCase: optional(text({ minLength: 1 })),
  index: optional(text({ minLength: 1 })),
});

const fitSpec = object<FitSpec>('FitSpec', {
  algorithm: text(),
  mode: optional(oneOf('stage')),
  options,
  targets: names,
  fields: names,
  by: names,
  into: optional(modelName),
  as: optional(text()),
  apply: flag,
  partialFit: flag,
  promote: flag,
  alias: optional(text()),
  sampleCount: optional(integer({ minimum: 1 })),
  sampleSeed: optional(integer()),
  kfoldCv: optional(integer({ minimum: 2 })),
  holdout: optional({ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 } as Schema<number>),
  holdoutBy: optional(text({ minLength: 1 })),
  holdoutSeed: optional(integer()),
  unseenValue: optional(oneOf('default', 'skip', 'stop')),
  tell: optional(tellAs),
});

const applySpec = object<ApplySpec>('ApplySpec', {
  model: modelReference,
  options,
  as: optional(text()),
  tell: optional(tellAs),
});

const scoreSpec = object<ScoreSpec>('ScoreSpec', { method: text(), options, a: names, b: names });

const sampleSpec = object<SampleSpec>('SampleSpec', {
  ratio: optional(number),
  count: optional(count),
  proportional: optional(text()),
  inverse: flag,
  partitions: optional(integer({ minimum: 1 })),
  fieldName: text(),
  seed: optional(integer()),
  by: optional(text()),
});

const chunkPlace = {
  job: text({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' }),
  chunk: count,
  finished: flag,
  search: optional(searchContext),
  session: optional(splunkSession),
};

function collectMeta<Spec>($id: string, spec: Schema<Spec>): Schema<CollectMeta<Spec>> {
  return {
    ...object<CollectMeta<Spec>>($id, { ...chunkPlace, spec: optional(spec) } as Properties<
      CollectMeta<Spec>
    >),
    if: { type: 'object', properties: { chunk: { const: 0 } } },
    then: { type: 'object', required: ['spec'] },
  };
}

const level: Schema<MessageLevel> = oneOf('INFO', 'WARN', 'ERROR');
const tally = object<NonNullable<Message['tally']>>('Tally', { key: text(), count, total: text() }, true);
const message = object<Message>('Message', { level, text: text(), tally: optional(tally) }, true);
const resolvedModel = object<ResolvedModel>('ResolvedModel', { namespace, name: text(), version }, true);
const modelListing = object<ModelListing>(
  'ModelListing',
  {
    name: text(),
    type: text(),
    options: text(),
    owner: text(),
    app: text(),
    sharing: oneOf('private', 'app'),
    version: { type: ['integer', 'null'], minimum: 1 },
    versions: list(version),
  },
  true,
);

/** Strict: a request that says something this runtime does not know must not be taken for one that does not say it. */
export const REQUESTS = Object.freeze({
  fitMeta: collectMeta('FitMeta', fitSpec),
  scoreMeta: collectMeta('ScoreMeta', scoreSpec),
  sampleMeta: collectMeta('SampleMeta', sampleSpec),
  applyMeta: object<ApplyMeta>('ApplyMeta', { ...chunkPlace, spec: applySpec }),
  applySpec,
  fitSpec,
  fitPlan: object<FitPlanRequest>('FitPlanRequest', { algorithm: text() }),
  summaryRequest: object<SummaryRequest>('SummaryRequest', { model: modelReference, options }),
  modelReference,
  readRequest: object<ReadRequest>('ReadRequest', { noun: text(), name: optional(text()), options }),
  enrolRequest: object<EnrolRequest>('EnrolRequest', {
    code: text({ maxLength: 200 }),
    key: text({ maxLength: 2000 }),
  }),
  changeRequest: object<ChangeRequest>('ChangeRequest', { verb: text(), name: optional(text()), options }),
});

/** Of `PUT /v1/secrets`: any names. */
export const SECRETS_REQUEST: Schema<Readonly<Record<string, string>>> = {
  $id: 'SecretsRequest',
  ...map(text()),
};

/** Of `POST /v1/workbench`. */
export const WORKBENCH_LINK_REQUEST = object<WorkbenchLinkRequest>('WorkbenchLinkRequest', {
  publicUrl: optional(text({ maxLength: 1000, pattern: '^https?://[^/?#@\\s]+(/[^?#\\s]*)?$' })),
});
export const WORKBENCH_LINK = object<WorkbenchLink>(
  'WorkbenchLink',
  { url: text(), expires: number, local: flag },
  true,
);

/** Open: a newer runtime may say more than an older bridge reads. */
export const REPLIES = Object.freeze({
  replyMeta: object<ReplyMeta>(
    'ReplyMeta',
    {
      messages: list(message),
      metrics: optional(map(number)),
      version: optional(resolvedModel),
      algorithm: optional(text()),
    },
    true,
  ),
  applyPlan: object<ApplyPlan>(
    'ApplyPlan',
    { version: resolvedModel, algorithm: text(), requiredFields: names, needs: optional(needs) },
    true,
  ),
  fitPlanReply: object<FitPlan>('FitPlan', { needs }, true),
  fitCheckReply: object<FitCheckReply>('FitCheckReply', { messages: list(message) }, true),
  resultTable: object<ResultTable>(
    'ResultTable',
    {
      fields: names,
      rows: {
        type: 'array',
        items: {
          type: 'array',
          items: {
            anyOf: [{ type: 'string' }, { type: 'null' }, { type: 'array', items: { type: 'string' } }],
          },
        },
      },
      messages: optional(list(message)),
    },
    true,
  ),
  modelsReply: object<ModelsReply>(
    'ModelsReply',
    { models: list(modelListing), messages: list(message) },
    true,
  ),
  deleteReply: object<DeleteReply>('DeleteReply', { namespace, name: text(), versions: list(version) }, true),
  enrolReply: object<EnrolReply>('EnrolReply', { kid: text() }, true),
  secretsReply: object<SecretsReply>('SecretsReply', { kept: names, removed: names }, true),
  errorBody: object<ErrorBody>(
    'ErrorBody',
    {
      error: object<ErrorBody['error']>(
        'ErrorContent',
        {
          code: { type: 'string' },
          message: text(),
          retryable: flag,
          details: optional({ type: 'object' }),
        },
        true,
      ),
    },
    true,
  ),
});

/** Twice in one schema: each place needs a name of its own. */
const appAccess = ($id: string) => object<AppAccess>($id, { read: names, write: names }, true);

/** What a token must say, besides its signature; open, because a token may say more. */
export const TOKEN_CLAIMS = object<TokenClaims>(
  'TokenClaims',
  {
    iss: { type: 'string', const: 'kepler-search-head' },
    aud: { type: 'string', const: 'kepler-runtime' },
    sub: text({ minLength: 1 }),
    app: text({ minLength: 1 }),
    roles: names,
    sid: text(),
    capabilities: optional(names),
    apps: optional(map(appAccess('TokenAppAcl'))),
    acl: appAccess('TokenAcl'),
    iat: number,
    exp: number,
  },
  true,
);
