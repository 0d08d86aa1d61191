/** Reads a chunk with the kernels, as the workers do: bytes as they come, blocks of whole rows. */
import { readHeader } from '../../container/table/header.ts';
import { ChunkReader, NUMBER, TEXT } from '../../container/table/reader.ts';
import { Dictionary } from '../../container/table/dictionary.ts';
import { newSharedMemory, TableMemory } from '../../container/table/table-memory.ts';

export interface ReadRow {
  readonly start: number;
  readonly end: number;
  readonly crlf: boolean;
  readonly missing: number;
  readonly cells: readonly (string | number | null)[];
}

export class KernelReader {
  readonly memory = new TableMemory(newSharedMemory());
  readonly reader = new ChunkReader(this.memory);

  /** @param kinds One a column; the last one holds for all others. @param arrivals How many bytes are there at each step. */
  read(chunk: Buffer, kinds: readonly number[], arrivals: readonly number[] = [chunk.length]): ReadRow[] {
    const { memory, reader } = this;
    const source = memory.reserve(chunk.length + 1);
    // What lies above the filled mark is stale: quotes and commas that must not count.
    memory.bytes.fill('",\n', source, source + chunk.length + 32);
    const codes = memory.reserve(8 * 4096);
    let filled = 0;
    let header;
    const rows: ReadRow[] = [];
    let dictionaries: (Dictionary | undefined)[] = [];
    for (const arrived of arrivals) {
      chunk.copy(memory.bytes, source + filled, filled, arrived);
      filled = arrived;
      let end = source + filled;
      if (filled === chunk.length && chunk[filled - 1] !== 10) {
        memory.bytes[end] = 10;
        end++;
      }
      if (!header) {
        header = readHeader(memory.bytes.subarray(source, end), 10_000);
        if (!header) continue;
        const all = Uint8Array.from(header.names, (_, c) => kinds[Math.min(c, kinds.length - 1)]);
        reader.open(source, header, all);
        dictionaries = header.names.map((_, c) => (all[c] === TEXT ? new Dictionary(memory) : undefined));
      }
      for (let count = reader.next(end); count > 0; count = reader.next(end)) {
        let at = reader.blockStart - source;
        const cells = header.names.map((_, c) => {
          const kind = reader.kind(c);
          const column = reader.column(c);
          if (kind === NUMBER) {
            const values = memory.doubles.slice(column / 8, column / 8 + count);
            return Array.from(values, (v) => (Number.isNaN(v) ? null : v));
          }
          if (kind !== TEXT) return new Array<null>(count).fill(null);
          dictionaries[c]!.encode(column, count, codes);
          const found = memory.integers.subarray(codes / 4, codes / 4 + count);
          return Array.from(found, (code) => (code < 0 ? null : dictionaries[c]!.levels[code]));
        });
        for (let r = 0; r < count; r++) {
          const word = memory.words[reader.lengths / 4 + r];
          const length = word & 0x7fffffff;
          const crlf = word >>> 31 === 1;
          const missing = memory.words[reader.missing / 4 + r];
          rows.push({ start: at, end: at + length, crlf, missing, cells: cells.map((column) => column[r]) });
          at += length + (crlf ? 2 : 1);
        }
      }
      if (filled === chunk.length) reader.finish(end);
    }
    return rows;
  }
}
