import type { Request, Response, Router } from 'express';
import { KeplerError } from '../contract/errors.ts';
import { REQUESTS } from '../contract/schemas.ts';
import type { Schema } from '../contract/schemas.ts';
import { MEDIA, PATHS } from '../contract/wire.ts';
import type { ChunkRequest, Intake } from '../jobs/types.ts';
import { chunkLengths, receiveChunk } from './chunk-request.ts';
import { sendReply } from './chunk-reply.ts';
import { asKeplerError } from './error-handler.ts';
import type { ChunkPlace } from './job-log.ts';
import type { Services } from './services.ts';
import type { RunKind } from './usage/run.ts';
import { validator } from './validation.ts';

/** The endpoints that take a search's rows. */
export function addChunkRoutes(router: Router, services: Services): void {
  const { jobs } = services;
  addRoute(router, services, 'apply', PATHS.apply, REQUESTS.applyMeta, (request) => jobs.apply(request));
  addRoute(router, services, 'fit', PATHS.fit, REQUESTS.fitMeta, (request) => jobs.fit(request));
  addRoute(router, services, 'score', PATHS.score, REQUESTS.scoreMeta, (request) => jobs.score(request));
  addRoute(router, services, 'sample', PATHS.sample, REQUESTS.sampleMeta, (request) => jobs.sample(request));
}

function addRoute<Meta extends ChunkPlace>(
  router: Router,
  services: Services,
  kind: RunKind,
  path: string,
  schema: Schema<Meta>,
  start: (request: ChunkRequest<Meta>) => Promise<Intake>,
): void {
  const { settings, connections, jobLog } = services;
  const check = validator(schema, "The chunk's metadata");
  const idleMs = settings.jobs.idleSeconds * 1000;

  router.post(path, async (request: Request, response: Response) => {
    if (request.headers['content-type'] !== MEDIA.chunk) {
      throw new KeplerError(
        'bad_request',
        `${path} takes ${MEDIA.chunk}, not "${request.headers['content-type'] ?? 'nothing'}".`,
      );
    }
    const { identity } = response.locals;
    const connection = connections.idOf(request.socket);
    const accept = request.headers.accept?.includes(MEDIA.splice) ? 'splice' : 'csv';
    const lengths = chunkLengths(request, settings.jobs.maxChunkBytes);
    let meta: Meta | undefined;
    try {
      const intake = await receiveChunk(request, lengths, idleMs, (bytes) => {
        meta = check(parse(bytes));
        jobLog.received(kind, meta, identity, connection, lengths.csv);
        return start({ meta, principal: identity.principal, bytes: lengths.csv, accept, connection });
      });
      const reply = await intake.end();
      if (response.destroyed) {
        reply.release();
        return;
      }
      jobLog.replying(meta!, connection, reply.bytes, reply.meta);
      // Before the last bytes, so that a run whose answer is there is told of, even if the runtime is killed at this moment.
      await sendReply(response, reply, () => jobLog.answered(meta!, connection));
    } catch (error) {
      if (meta) {
        const { code, message } = asKeplerError(error);
        jobLog.failed(meta, connection, code, message);
      }
      throw error;
    }
  });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new KeplerError(
      'bad_request',
      "The chunk's metadata is not JSON; is the declared length of the metadata right?",
      { cause: error },
    );
  }
}
