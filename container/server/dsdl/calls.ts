/** DSDL's calls, done by the runtime's own jobs: each for itself, so that calls at the same time do not meet. */
import { randomUUID } from 'node:crypto';
import { KeplerError } from '../../contract/errors.ts';
import type { ApplyMeta, CollectMeta, FitSpec, ReplyMeta, ResolvedModel } from '../../contract/requests.ts';
import type { ChunkReply, Intake } from '../../jobs/types.ts';
import type { Principal } from '../../registry/types.ts';
import { readHeader } from '../../table/header.ts';
import type { Identity } from '../authenticate.ts';
import { asKeplerError } from '../error-handler.ts';
import type { Services } from '../services.ts';
import { summarise } from '../summary.ts';
import { fitSpecOf, readCall } from './call.ts';
import type { DsdlCall } from './call.ts';
import type { Body } from './bodies.ts';

/** Bytes handed on at once; between two of them others get their turn. */
const SLICE = 1 << 20;

export type Done =
  | { readonly status: 'success'; readonly message: string; readonly reply: ChunkReply }
  | { readonly status: 'staged'; readonly message: string };

type Used = Pick<Services, 'jobs' | 'registry' | 'templates' | 'jobLog' | 'settings'>;

/** What is written down of a call before its `meta` is understood. */
interface Place {
  readonly job: string;
  readonly finished: true;
  spec?: object;
}

export class DsdlCalls {
  readonly #services: Used;
  readonly #identity: Identity;
  #last: ResolvedModel | undefined;

  /** @param app The one that the models belong to. */
  constructor(services: Used, app: string) {
    this.#services = services;
    this.#identity = { principal: principalOf(app), sid: '' };
  }

  /** The model that was fitted or applied last. */
  get last(): ResolvedModel | undefined {
    return this.#last;
  }

  /** @throws KeplerError */
  async fit(body: Body, connection: number): Promise<Done> {
    return this.#logged('fit', body, connection, async (place) => {
      const call = readCall(body.rest);
      const spec = fitSpecOf(call);
      place.spec = spec;
      const csv = csvOf(body);
      assertFields(csv, [...call.features, ...call.targets], this.#services.settings.jobs.maxColumns);
      const meta: CollectMeta<FitSpec> = { ...place, chunk: 0, spec };
      const { principal } = this.#identity;
      const accept = call.stage ? 'csv' : 'columns';
      const intake = await this.#services.jobs.fit({
        meta,
        principal,
        bytes: csv.length,
        accept,
        connection,
      });
      const reply = await fed(intake, csv);
      if (!call.stage) return this.#success('/fit', reply);
      reply.release();
      return {
        done: { status: 'staged', message: `Data set ${call.modelName} staged; no model was built.` },
        reply,
      };
    });
  }

  /** @throws KeplerError */
  async apply(body: Body, connection: number): Promise<Done> {
    return this.#logged('apply', body, connection, async (place) => {
      const call = readCall(body.rest);
      const model = { ...call.model, explicitNamespace: true };
      place.spec = { model, options: {} };
      const csv = csvOf(body);
      const { principal } = this.#identity;
      const plan = await this.#plan(call, principal);
      assertFields(csv, plan.requiredFields, this.#services.settings.jobs.maxColumns);
      const spec = { model: { ...plan.version, explicitNamespace: true }, options: {} };
      const meta: ApplyMeta = { ...place, chunk: 0, spec };
      const intake = await this.#services.jobs.apply({
        meta,
        principal,
        bytes: csv.length,
        accept: 'columns',
        connection,
      });
      return this.#success('/apply', await fed(intake, csv));
    });
  }

  /** What the model has learnt, by field. */
  async summary(model: ResolvedModel): Promise<unknown> {
    const { registry, templates } = this.#services;
    const reference = { ...model, explicitNamespace: true };
    const table = await summarise(
      registry,
      templates.finder,
      { model: reference, options: {} },
      this.#identity.principal,
    );
    return table.rows.map((row) => Object.fromEntries(table.fields.map((field, i) => [field, row[i]])));
  }

  async #plan(call: DsdlCall, principal: Principal) {
    const model = { ...call.model, explicitNamespace: true };
    try {
      return await this.#services.jobs.plan({ model, options: {} }, principal);
    } catch (error) {
      if (!(error instanceof KeplerError) || error.code !== 'model_not_found') throw error;
      this.#services.templates.finder.find(call.algo);
      throw new KeplerError(
        'model_not_found',
        `There is no model "${call.modelName}" of ${call.algo} yet: fit it first, with this algo and this model name.`,
      );
    }
  }

  #success(path: string, reply: ChunkReply): { done: Done; reply: ChunkReply } {
    this.#last = reply.meta.version ?? this.#last;
    const message = [`${path} done successfully`, ...warningsOf(reply.meta)].join('. ');
    return { done: { status: 'success', message, reply }, reply };
  }

  /** Written down as a search's commands are: in the log, the usage and the telemetry. */
  async #logged(
    kind: 'fit' | 'apply',
    body: Body,
    connection: number,
    task: (place: Place) => Promise<{ done: Done; reply: ChunkReply }>,
  ): Promise<Done> {
    const { jobLog } = this.#services;
    const place: Place = { job: randomUUID(), finished: true };
    const bytes = body.csv?.length ?? 0;
    try {
      place.spec = namedIn(body, kind);
      jobLog.received(kind, place, this.#identity, connection, bytes);
      const { done, reply } = await task(place);
      jobLog.replying(place, connection, reply.bytes, reply.meta);
      jobLog.answered(place, connection);
      return done;
    } catch (error) {
      const { code, message } = asKeplerError(error);
      jobLog.failed(place, connection, code, message);
      throw error;
    }
  }
}

/** Who calls is one for all: the token says no more. */
function principalOf(app: string): Principal {
  return {
    user: 'nobody',
    app,
    roles: ['dsdl'],
    capabilities: [],
    acl: { read: ['*'], write: ['*'] },
  };
}

/** The model, for what is written down of a call; nothing where `meta` cannot be read. */
function namedIn(body: Body, kind: 'fit' | 'apply'): object | undefined {
  try {
    const { model, stage } = readCall(body.rest);
    return kind === 'apply' ? { model } : { into: model, ...(stage && { mode: 'stage' }) };
  } catch (error) {
    // The call itself says what is wrong.
    if (error instanceof KeplerError) return undefined;
    throw error;
  }
}

function csvOf({ csv }: Body): Buffer {
  if (csv) return csv;
  throw new KeplerError('bad_request', '"data" is missing, or no text: the rows as CSV.');
}

/** A field that is asked for and not there would leave predictions empty: there it fails. */
function assertFields(csv: Buffer, asked: readonly string[], maxColumns: number): void {
  // A header alone may have no line end.
  const header =
    readHeader(csv, maxColumns) ?? readHeader(Buffer.concat([csv, Buffer.from('\n')]), maxColumns);
  const names = new Set(header?.names);
  const missing = [...new Set(asked)].filter((name) => !names.has(name));
  if (missing.length === 0) return;
  throw new KeplerError(
    'invalid_data',
    `"data" lacks ${missing.length === 1 ? 'a field' : 'fields'} that ${missing.length === 1 ? 'is' : 'are'} asked for: ${missing.map((name) => `"${name}"`).join(', ')}.`,
  );
}

async function fed(intake: Intake, csv: Buffer): Promise<ChunkReply> {
  try {
    for (let from = 0; from < csv.length; from += SLICE) {
      await intake.write(csv.subarray(from, from + SLICE));
      if (from + SLICE < csv.length) await new Promise(setImmediate);
    }
  } catch (error) {
    intake.abort(asKeplerError(error));
    throw error;
  }
  return intake.end();
}

function warningsOf({ messages }: ReplyMeta): string[] {
  return messages.filter(({ level }) => level === 'WARN').map(({ text }) => text.replace(/\.$/, ''));
}
