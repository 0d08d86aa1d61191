import { createHash } from 'node:crypto';
import type { TableMemory } from '../table/table-memory.ts';

/**
 * Tells one set of search results from another, for a version's lineage: the SHA-256 of the XXH64 of each chunk's bytes, in
 * their order. It says whether two fits saw the same rows; it is no proof against somebody who wants two sets to look alike,
 * which would cost every fit a SHA-256 of all its bytes.
 */
export class Fingerprint {
  readonly #memory: TableMemory;
  readonly #digests = createHash('sha256');

  constructor(memory: TableMemory) {
    this.#memory = memory;
  }

  /** Adds a chunk that lies in memory. */
  add(start: number, bytes: number): void {
    const digest = Buffer.alloc(8);
    digest.writeBigUInt64BE(BigInt.asUintN(64, this.#memory.table.xxhash(start, start + bytes)));
    this.#digests.update(digest);
  }

  /** Hexadecimal; may be asked once. */
  digest(): string {
    return this.#digests.digest('hex');
  }
}
