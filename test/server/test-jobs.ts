import { KeplerError } from '../../container/contract/errors.ts';
import type { ApplySpec, FitSpec } from '../../container/contract/requests.ts';
import { MEDIA } from '../../container/contract/wire.ts';
import type { ChunkReply, ChunkRequest, Intake, JobInfo, Jobs } from '../../container/jobs/types.ts';

interface Meta {
  readonly job: string;
  readonly chunk: number;
  readonly finished: boolean;
}

/**
 * Jobs for the server's tests: a chunk comes back as it came, in pieces. The first bytes of the CSV say what else should
 * happen: `slow` holds the sender back, `refuse` fails while the bytes come, `fail` at their end, `bug` is no KeplerError,
 * `long` and `short` answer another length than declared, `wait` answers when `release` is called.
 */
export class TestJobs implements Jobs {
  readonly aborted: string[] = [];
  readonly gone: number[] = [];
  readonly requests: ChunkRequest<Meta>[] = [];
  opened = 0;
  released = 0;
  closed: number | undefined;
  up = true;
  jobs: JobInfo[] = [];
  #waiting: (() => void)[] = [];

  apply = (request: ChunkRequest<Meta>) => this.#open(request);
  fit = (request: ChunkRequest<Meta>) => this.#open(request);
  score = (request: ChunkRequest<Meta>) => this.#open(request);
  sample = (request: ChunkRequest<Meta>) => this.#open(request);

  async plan(spec: ApplySpec) {
    const { namespace, name } = spec.model;
    if (name === 'none') throw new KeplerError('model_not_found', 'There is no model "none".');
    return { version: { namespace, name, version: 3 }, algorithm: 'PCA', requiredFields: ['a', 'b'] };
  }

  async check(spec: FitSpec) {
    if (spec.algorithm !== 'PCA')
      throw new KeplerError('unknown_algorithm', `There is no ${spec.algorithm}.`);
  }

  disconnected(connection: number) {
    this.gone.push(connection);
  }

  list() {
    return this.jobs;
  }

  cancel(user: string, job: string) {
    const { length } = this.jobs;
    this.jobs = this.jobs.filter((one) => one.user !== user || one.job !== job);
    return this.jobs.length < length;
  }

  ready() {
    return this.up;
  }

  async close(graceMs: number) {
    this.closed = graceMs;
    this.proceed();
  }

  /** Lets `wait` go on. */
  proceed() {
    for (const go of this.#waiting.splice(0)) go();
  }

  async #open(request: ChunkRequest<Meta>): Promise<Intake> {
    this.requests.push(request);
    this.opened++;
    const pieces: Buffer[] = [];
    const text = () => Buffer.concat(pieces.slice(0, 8)).toString('latin1', 0, 8);
    return {
      write: (bytes) => {
        pieces.push(Buffer.from(bytes));
        if (text().startsWith('refuse')) throw new KeplerError('invalid_csv', 'This is no CSV.');
        if (text().startsWith('slow')) return new Promise((done) => setTimeout(done, 5));
      },
      end: async () => {
        this.opened--;
        if (text().startsWith('fail')) throw new KeplerError('target_missing', 'No field "y".');
        if (text().startsWith('bug')) throw new TypeError('secret detail');
        if (text().startsWith('wait')) await new Promise<void>((go) => this.#waiting.push(go));
        return this.#reply(request, Buffer.concat(pieces));
      },
      abort: (reason) => {
        this.opened--;
        this.aborted.push(reason.code);
      },
    };
  }

  #reply(request: ChunkRequest<Meta>, csv: Buffer): ChunkReply {
    const mark = csv.subarray(0, 5).toString('latin1');
    const bytes = csv.length + (mark === 'long\n' ? -1 : mark === 'short' ? 1 : 0);
    // One block, used again for every piece, as real jobs do.
    const block = Buffer.alloc(65_536);
    function* body() {
      for (let at = 0; at < csv.length; at += block.length) {
        yield block.subarray(0, csv.copy(block, 0, at, at + block.length));
      }
    }
    return {
      meta: { messages: [], metrics: { bytes: csv.length } },
      media: request.accept === 'splice' ? MEDIA.splice : MEDIA.csv,
      bytes,
      body: body(),
      release: () => void this.released++,
    };
  }
}
