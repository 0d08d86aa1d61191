/** Standard input and output as blocking descriptors: a third faster than streams, and no start-up cost. */
import { readSync, writeSync } from 'node:fs';
import type { ByteSink } from './frame-writer.ts';
import type { ByteSource } from './frame-reader.ts';

/** Nobody reads the output any more: the search has ended. */
export class OutputClosedError extends Error {
  constructor() {
    super('The output was closed.');
    this.name = 'OutputClosedError';
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A descriptor that someone set to non-blocking answers EAGAIN where it should wait; then we wait in its stead. */
function blocking<T>(call: () => T): T {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN' && codeOf(error) !== 'EINTR') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

/** What a pipe of the usual size holds. */
const USUAL_PIPE = 64 << 10;
/**
 * Written at a time into such a pipe: not all that it holds, so that its reader is at work on one piece while the next is
 * written. Who fills it to the brim sleeps until it is empty, and two processes wake each other at every 64 KB.
 */
const PIECE = 48 << 10;

/** Tells how large the pipes are, which nothing in Node does: by the most that one read brought. */
export class PipeGauge {
  #most = 0;

  note(count: number): void {
    if (count > this.#most) this.#most = count;
  }

  /** Bytes that should be written at a time. */
  get piece(): number {
    return this.#most > USUAL_PIPE ? Infinity : PIECE;
  }
}

/** Reads a descriptor, calling `beforeRead` each time it may block. A broken connection on it counts as its end. */
export function descriptorSource(
  fd: number,
  beforeRead: () => void = () => {},
  gauge?: PipeGauge,
): ByteSource {
  return {
    read(into, offset, length) {
      beforeRead();
      try {
        const count = blocking(() => readSync(fd, into, offset, length, null));
        gauge?.note(count);
        return count;
      } catch (error) {
        if (codeOf(error) === 'EOF' || codeOf(error) === 'ECONNRESET') return 0;
        throw error;
      }
    },
  };
}

/** Writes a descriptor; throws `OutputClosedError` where its reader is gone. @param gauge of the pipe, where it is one */
export function descriptorSink(fd: number, gauge?: PipeGauge): ByteSink {
  return {
    write(bytes) {
      let at = 0;
      try {
        while (at < bytes.length) {
          const count = Math.min(gauge?.piece ?? Infinity, bytes.length - at);
          at += blocking(() => writeSync(fd, bytes, at, count));
        }
      } catch (error) {
        if (codeOf(error) === 'EPIPE' || codeOf(error) === 'ECONNRESET') throw new OutputClosedError();
        throw error;
      }
    },
  };
}
