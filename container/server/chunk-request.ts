import type { IncomingMessage } from 'node:http';
import { KeplerError } from '../contract/errors.ts';
import { HEADERS } from '../contract/wire.ts';
import type { Intake } from '../jobs/types.ts';

/** The lengths that a chunk declares. */
export interface ChunkLengths {
  readonly meta: number;
  readonly csv: number;
}

/** Options and field names: 5,000 columns of 100 letters fit many times. */
const MOST_META = 4 * 1024 * 1024;

/** @throws KeplerError body_length, limit_body */
export function chunkLengths(request: IncomingMessage, maxChunkBytes: number): ChunkLengths {
  const total = wholeNumber(request.headers['content-length']);
  if (total === undefined) {
    throw new KeplerError('body_length', 'The chunk does not declare its length: content-length is missing.');
  }
  const name = HEADERS.metaLength;
  const meta = wholeNumber(request.headers[name] as string | undefined);
  if (meta === undefined) {
    throw new KeplerError(
      'body_length',
      `The chunk does not declare the length of its metadata: ${name} is missing or no number.`,
    );
  }
  if (meta > total) {
    throw new KeplerError(
      'body_length',
      `The chunk declares ${meta} bytes of metadata, but only ${total} bytes in all.`,
    );
  }
  if (meta > MOST_META) {
    throw new KeplerError(
      'limit_body',
      `The chunk's metadata has ${meta} bytes; at most ${MOST_META} are allowed.`,
    );
  }
  if (total - meta > maxChunkBytes) {
    throw new KeplerError(
      'limit_body',
      `The chunk has ${total - meta} bytes of CSV; at most ${maxChunkBytes} are allowed. Send fewer fields (| fields …) or raise KEPLER_MAX_CHUNK_BYTES.`,
    );
  }
  return { meta, csv: total - meta };
}

/**
 * Reads a chunk as it comes from the socket: first the metadata, for which `open` answers where the CSV goes, then the
 * CSV, event by event, without gathering it. The promise is kept once every declared byte is in the intake.
 * On a failure of any kind the intake, where there is one already, has been told, and what was left of the body is
 * read and dropped, so that the connection stays usable.
 * @param idleMs a client that sends nothing for so long is given up
 * @throws KeplerError
 */
export function receiveChunk(
  request: IncomingMessage,
  lengths: ChunkLengths,
  idleMs: number,
  open: (meta: Buffer) => Promise<Intake>,
): Promise<Intake> {
  return new Promise((resolve, reject) => {
    const head: Buffer[] = [];
    let headBytes = 0;
    let received = 0;
    let intake: Intake | undefined;
    let failure: KeplerError | undefined;
    let busy = false;
    let ended = false;
    let settled = false;

    const fail = (reason: unknown) => {
      if (failure || settled) return;
      failure = asKeplerError(reason);
      head.length = 0;
      intake?.abort(failure);
      if (ended || request.destroyed) settle();
      else request.resume();
    };
    const settle = () => {
      if (settled) return;
      settled = true;
      request.socket.setTimeout(0);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('timeout', onTimeout);
      if (failure) reject(failure);
      else resolve(intake!);
    };
    /** Holds the socket until `task` is done. */
    const pauseFor = (task: Promise<void>) => {
      busy = true;
      request.pause();
      task.catch(fail).finally(() => {
        busy = false;
        if (settled) return;
        if (ended && !failure) finish();
        else request.resume();
      });
    };
    const onData = (bytes: Buffer) => {
      if (failure) return;
      received += bytes.length;
      if (intake) pass(bytes);
      else takeHead(bytes);
    };
    const pass = (bytes: Buffer) => {
      try {
        const wait = intake!.write(bytes);
        if (wait) pauseFor(wait);
      } catch (error) {
        fail(error);
      }
    };
    const takeHead = (bytes: Buffer) => {
      head.push(bytes);
      headBytes += bytes.length;
      // While the intake is being opened more may come: what was read before the pause took effect.
      if (headBytes >= lengths.meta && !busy) pauseFor(openIntake());
    };
    const openIntake = async () => {
      let start = head.length === 1 ? head[0] : Buffer.concat(head);
      head.length = 0;
      const opened = await open(start.subarray(0, lengths.meta));
      if (failure) {
        opened.abort(failure);
        return;
      }
      intake = opened;
      if (head.length > 0) start = Buffer.concat([start, ...head.splice(0)]);
      if (start.length > lengths.meta) await intake.write(start.subarray(lengths.meta));
    };
    const finish = () => {
      if (busy || failure || settled) return;
      if (intake && received === lengths.meta + lengths.csv) return settle();
      fail(
        new KeplerError(
          'body_length',
          `The chunk declares ${lengths.meta + lengths.csv} bytes, but ${received} came.`,
        ),
      );
    };
    const onEnd = () => {
      ended = true;
      if (failure) return settle();
      // A chunk without a byte of metadata and CSV opens nothing before its end.
      if (!intake && !busy && headBytes >= lengths.meta) pauseFor(openIntake());
      else finish();
    };
    const onClose = () => {
      if (ended) return;
      fail(
        new KeplerError(
          'body_length',
          `The connection ended after ${received} of ${lengths.meta + lengths.csv} bytes of the chunk.`,
        ),
      );
      settle();
    };
    const onTimeout = () => {
      // While the intake holds the bytes back, the silence is ours.
      if (busy || ended) return;
      fail(
        new KeplerError(
          'limit_time',
          `The search sent nothing for ${Math.round(idleMs / 1000)} seconds in the middle of a chunk.`,
        ),
      );
      request.destroy();
    };
    // Node asks the request before it would close the connection by itself.
    request.socket.setTimeout(idleMs);
    request.on('timeout', onTimeout);
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function asKeplerError(reason: unknown): KeplerError {
  if (reason instanceof KeplerError) return reason;
  return new KeplerError('internal', 'The runtime failed while it read a chunk; its log says why.', {
    cause: reason,
  });
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
