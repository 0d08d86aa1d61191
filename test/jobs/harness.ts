/** Drives the real jobs, with real workers, as the server does: chunks in through `Intake`, whole replies out. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  ApplySpec,
  FitSpec,
  ReplyMeta,
  SampleSpec,
  ScoreSpec,
} from '../../container/contract/requests.ts';
import { createJobs } from '../../container/jobs/jobs.ts';
import type { ChunkReply, Intake, Jobs, JobSettings } from '../../container/jobs/types.ts';
import type { Principal } from '../../container/registry/types.ts';
import { unsplice } from '../table/splice-list.ts';

export const WORKER = pathToFileURL(resolve('dist/runtime/worker.mjs'));

/** As WORKER, but fits whose target is `crash` or `hang` do so. */
export const FAULTY_WORKER = pathToFileURL(resolve('test/jobs/faulty-worker.mjs'));

export const ALICE: Principal = {
  user: 'alice',
  app: 'search',
  roles: ['user'],
  capabilities: [],
  acl: { read: ['*'], write: ['*'] },
};

export interface Reply {
  readonly meta: ReplyMeta;
  /** The woven CSV. */
  readonly csv: string;
  readonly bytes: Buffer;
  readonly media: string;
}

export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'kepler-jobs-'));
  readonly settings: JobSettings;
  readonly jobs: Jobs;
  #count = 0;

  constructor(settings: Partial<JobSettings> = {}, worker = WORKER) {
    this.settings = {
      spoolFolder: join(this.folder, 'spool'),
      modelFolder: join(this.folder, 'models'),
      templateFolder: join(this.folder, 'templates'),
      datasetFolder: join(this.folder, 'datasets'),
      dsdlPeers: { variables: {}, secrets: join(this.folder, 'secrets') },
      datasetDays: 30,
      templateMemoryMb: 500,
      templateSeconds: 30,
      applyWorkers: 2,
      fitWorkers: 2,
      maxQueued: 10,
      fitThreads: 1,
      maxRows: 20_000_000,
      maxColumns: 10_000,
      maxChunkBytes: 200 << 20,
      maxSpoolBytes: 4 * 2 ** 30,
      maxMemoryMb: 2000,
      maxFitSeconds: 60,
      maxModelMb: 100,
      maxDistinctValues: 100,
      maxClasses: 100,
      idleSeconds: 60,
      ...settings,
    };
    this.jobs = createJobs(this.settings, worker);
  }

  async close(): Promise<void> {
    await this.jobs.close(1000);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Files left in the spool's folder. */
  spooled(): string[] {
    return readdirSync(this.settings.spoolFolder);
  }

  job(): string {
    return `job-${++this.#count}`;
  }

  /** Sends a whole fit, chunk by chunk, and answers its replies. */
  async fit(
    spec: Partial<FitSpec> & { algorithm: string },
    chunks: readonly (string | Buffer)[],
    options: { principal?: Principal; step?: number; accept?: 'splice' | 'csv' } = {},
  ): Promise<Reply[]> {
    const whole = fitSpec(spec);
    return this.collect((request) => this.jobs.fit(request), whole, chunks, options);
  }

  async score(spec: ScoreSpec, chunks: readonly (string | Buffer)[]): Promise<Reply> {
    const replies = await this.collect((request) => this.jobs.score(request), spec, chunks);
    return replies[replies.length - 1];
  }

  async sample(spec: Partial<SampleSpec>, chunks: readonly (string | Buffer)[]): Promise<Reply> {
    const whole: SampleSpec = { inverse: false, fieldName: 'partition_number', ...spec };
    const replies = await this.collect((request) => this.jobs.sample(request), whole, chunks);
    return replies[replies.length - 1];
  }

  private async collect<Spec>(
    send: (request: {
      meta: { job: string; chunk: number; finished: boolean; spec?: Spec; search?: { sid: string } };
      principal: Principal;
      bytes: number;
      accept: 'splice' | 'csv';
      connection: number;
    }) => Promise<Intake>,
    spec: Spec,
    chunks: readonly (string | Buffer)[],
    options: { principal?: Principal; step?: number; accept?: 'splice' | 'csv' } = {},
  ): Promise<Reply[]> {
    const job = this.job();
    const replies: Reply[] = [];
    for (let chunk = 0; chunk < chunks.length; chunk++) {
      const body = Buffer.from(chunks[chunk] as string);
      const meta = {
        job,
        chunk,
        finished: chunk === chunks.length - 1,
        ...(chunk === 0 && { spec, search: { sid: '1' } }),
      };
      const intake = await send({
        meta,
        principal: options.principal ?? ALICE,
        bytes: body.length,
        accept: options.accept ?? 'splice',
        connection: 1,
      });
      replies.push(await feed(intake, body, options.step));
    }
    return replies;
  }

  async apply(
    model: string | ApplySpec,
    body: string | Buffer,
    options: { accept?: 'splice' | 'csv'; step?: number; principal?: Principal; chunk?: number } = {},
  ): Promise<Reply> {
    const bytes = Buffer.from(body as string);
    const spec: ApplySpec =
      typeof model === 'string' ? { model: { namespace: 'user', name: model }, options: {} } : model;
    const intake = await this.jobs.apply({
      meta: { job: this.job(), chunk: options.chunk ?? 0, finished: true, spec },
      principal: options.principal ?? ALICE,
      bytes: bytes.length,
      accept: options.accept ?? 'splice',
      connection: 1,
    });
    return feed(intake, bytes, options.step);
  }
}

export function fitSpec(spec: Partial<FitSpec> & { algorithm: string }): FitSpec {
  return {
    options: {},
    targets: [],
    fields: [],
    by: [],
    apply: true,
    partialFit: false,
    promote: true,
    ...spec,
  };
}

export function into(name: string): { namespace: 'user'; name: string } {
  return { namespace: 'user', name };
}

/** Gives an intake its bytes, `step` at a time, and reads the whole reply. */
export async function feed(intake: Intake, body: Buffer, step = 65536): Promise<Reply> {
  for (let at = 0; at < body.length; at += step) {
    // The jobs must have copied the bytes when `write` returns.
    const piece = Buffer.from(body.subarray(at, at + step));
    const wait = intake.write(piece);
    piece.fill(0x21);
    await wait;
  }
  return readReply(await intake.end(), body);
}

export async function readReply(reply: ChunkReply, body: Buffer): Promise<Reply> {
  const pieces: Buffer[] = [];
  for await (const piece of reply.body) pieces.push(Buffer.from(piece));
  reply.release();
  const bytes = Buffer.concat(pieces);
  if (bytes.length !== reply.bytes) throw new Error(`${reply.bytes} bytes declared, ${bytes.length} came`);
  const csv = reply.media.endsWith('splice') ? unsplice(body, bytes) : bytes;
  return { meta: reply.meta, csv: csv.toString('utf8'), bytes: csv, media: reply.media };
}
