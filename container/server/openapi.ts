import { NOUNS } from '../contract/catalogue/nouns.ts';
import type { AnsweredBy } from '../contract/catalogue/types.ts';
import { VERBS } from '../contract/catalogue/verbs.ts';
import { ERRORS } from '../contract/errors.ts';
import {
  REPLIES,
  REQUESTS,
  SECRETS_REQUEST,
  WORKBENCH_LINK,
  WORKBENCH_LINK_REQUEST,
} from '../contract/schemas.ts';
import type { Schema } from '../contract/schemas.ts';
import { KEPLER_VERSION } from '../contract/version.ts';
import { HEADERS, MEDIA, PATHS } from '../contract/wire.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the runtime, made from the very schemas that check its requests. */
export function openApiDocument(): Json {
  const schemas: Json = {};
  const reference = (schema: Schema<unknown>) => lift(schema, schemas);
  const jsonBody = (schema: Schema<unknown>) => ({
    required: true,
    content: { 'application/json': { schema: reference(schema) } },
  });
  const jsonReply = (schema: Schema<unknown>) => ({
    description: 'Done.',
    content: { 'application/json': { schema: reference(schema) } },
  });
  const failure = {
    description: `What went wrong, in words for the person who searches. Codes: ${Object.keys(ERRORS).join(', ')}.`,
    content: { 'application/json': { schema: reference(REPLIES.errorBody) } },
  };
  const operation = (summary: string, rest: Json, ok: Json): Json => ({
    summary,
    security: [{ token: [] }],
    parameters: [{ name: HEADERS.contract, in: 'header', required: true, schema: { type: 'string' } }],
    ...rest,
    responses: { '200': ok, default: failure },
  });
  const json = (summary: string, body: Schema<unknown>, reply: Schema<unknown>) => ({
    post: operation(summary, { requestBody: jsonBody(body) }, jsonReply(reply)),
  });
  const chunk = (summary: string, meta: Schema<unknown>) => ({
    post: operation(
      summary,
      {
        parameters: [
          { name: HEADERS.contract, in: 'header', required: true, schema: { type: 'string' } },
          {
            name: HEADERS.metaLength,
            in: 'header',
            required: true,
            schema: { type: 'integer' },
            description: 'Bytes of JSON in front of the body.',
          },
        ],
        requestBody: {
          required: true,
          description: 'The metadata as JSON, then the CSV exactly as splunkd sent it.',
          content: {
            [MEDIA.chunk]: { schema: { type: 'string', format: 'binary' }, 'x-metadata': reference(meta) },
          },
        },
      },
      {
        description: `The reply's metadata as JSON (${HEADERS.metaLength} bytes), then rows as CSV or, where asked for by accept, as a splice list.`,
        headers: { [HEADERS.metaLength]: { schema: { type: 'integer' } } },
        content: Object.fromEntries(
          [MEDIA.csv, MEDIA.splice].map((media) => [
            media,
            { schema: { type: 'string', format: 'binary' }, 'x-metadata': reference(REPLIES.replyMeta) },
          ]),
        ),
      },
    ),
  });
  const open = (summary: string) => ({
    get: {
      summary,
      responses: {
        '200': { description: 'Yes.', content: { 'application/json': { schema: { type: 'object' } } } },
      },
    },
  });
  const get = (summary: string, schema: Schema<unknown>) => ({
    get: operation(summary, {}, jsonReply(schema)),
  });
  const paths: Json = {
    [PATHS.fit]: chunk('A chunk of rows to fit on', REQUESTS.fitMeta),
    [PATHS.fitPlan]: json('What a fit needs of the search', REQUESTS.fitPlan, REPLIES.fitPlanReply),
    [PATHS.fitCheck]: json('Whether a fit could begin', REQUESTS.fitSpec, REPLIES.fitCheckReply),
    [PATHS.apply]: chunk('A chunk of rows to apply a model version to', REQUESTS.applyMeta),
    [PATHS.applyPlan]: json(
      'Which version an apply reads and the fields it needs',
      REQUESTS.applySpec,
      REPLIES.applyPlan,
    ),
    [PATHS.score]: chunk('A chunk of rows to score', REQUESTS.scoreMeta),
    [PATHS.sample]: chunk('A chunk of rows to sample from', REQUESTS.sampleMeta),
    [PATHS.summary]: json('What a model version has learnt', REQUESTS.summaryRequest, REPLIES.resultTable),
    [PATHS.models]: get('The models that the user may read', REPLIES.modelsReply),
    [PATHS.deleteModel]: json(
      'Deletes a model, or one version',
      REQUESTS.modelReference,
      REPLIES.deleteReply,
    ),
    [PATHS.read]: json(`Rows of a noun: ${namesOf(NOUNS)}`, REQUESTS.readRequest, REPLIES.resultTable),
    [PATHS.change]: json(
      `Does what a verb says: ${namesOf(VERBS)}`,
      REQUESTS.changeRequest,
      REPLIES.resultTable,
    ),
    [PATHS.enrol]: json(
      "Trusts a search head's key that comes with the one-time code; needs no token",
      REQUESTS.enrolRequest,
      REPLIES.enrolReply,
    ),
    [PATHS.secrets]: {
      put: operation(
        'Keeps secrets, which are never read back',
        { requestBody: jsonBody(SECRETS_REQUEST) },
        jsonReply(REPLIES.secretsReply),
      ),
    },
    [PATHS.workbench]: json(
      'A link into the workbench, good once; only of a runtime in mode dev',
      WORKBENCH_LINK_REQUEST,
      WORKBENCH_LINK,
    ),
    [PATHS.status]: get("The runtime's load and the user's jobs", { type: 'object' }),
    [PATHS.health]: open('Whether the runtime lives'),
    [PATHS.ready]: open('Whether the runtime takes work'),
    [PATHS.metrics]: open('Figures for Prometheus, as text'),
    [PATHS.openapi]: open('This document'),
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kepler runtime',
      version: KEPLER_VERSION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'EdDSA, signed by the search head for one search.',
        },
      },
    },
  };
}

/** Those that the runtime answers. */
function namesOf(catalogue: readonly { name: string; answeredBy: AnsweredBy }[]): string {
  return catalogue
    .filter(({ answeredBy }) => answeredBy !== 'search head')
    .map(({ name }) => name)
    .join(', ');
}

/** Puts every named schema under components and leaves a reference in its place. */
function lift(schema: unknown, into: Json): unknown {
  if (Array.isArray(schema)) return schema.map((item) => lift(item, into));
  if (schema === null || typeof schema !== 'object') return schema;
  const { $id, ...rest } = schema as { $id?: string } & Json;
  const lifted = () =>
    Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, lift(value, into)]));
  if (typeof $id !== 'string') return lifted();
  into[$id] ??= lifted();
  return { $ref: `#/components/schemas/${$id}` };
}
