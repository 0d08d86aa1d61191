import { Batch } from './batch.ts';
import { CsvBlock, CsvError, rowEnd, splitRow } from './csv-block.ts';

export interface ReadOptions {
  /** Names the source in errors, such as `Lookup 'x.csv'`. */
  readonly origin: string;
  /** Rows of the first batch, and of the others. */
  readonly firstRows: number;
  readonly rows: number;
  /** A batch ends once it holds so many bytes, whatever its rows. */
  readonly bytes: number;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** CSV bytes as they arrive, cut into batches at row ends; memory holds one batch and one piece. */
export async function* readCsv(
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: ReadOptions,
): AsyncGenerator<Batch> {
  let held: Buffer[] = [];
  let fields: string[] | undefined;
  let rowsBefore = 0;
  let limit = options.firstRows;
  // The rows found in `bytes` so far: how many, and where the last one ends.
  let bytes: Buffer = Buffer.alloc(0);
  let rows = 0;
  let end = 0;

  const cut = function* (atEnd: boolean): Generator<Batch> {
    for (;;) {
      if (!fields) {
        if (bytes.length < BOM.length && !atEnd) return;
        if (bytes.subarray(0, BOM.length).equals(BOM)) bytes = bytes.subarray(BOM.length);
        if (bytes.length === 0) return;
        const header = rowEnd(bytes, 0, atEnd);
        if (header < 0) return;
        fields = checkHeader(splitRow(bytes, 0, header), options.origin);
        bytes = bytes.subarray(header);
        if (atEnd && bytes.length === 0)
          return yield Batch.empty(fields.filter((f) => !isCompanion(f, fields!)));
      }
      while (rows < limit && end < options.bytes && end < bytes.length) {
        const next = rowEnd(bytes, end, atEnd);
        if (next < 0) break;
        end = next;
        rows += 1;
      }
      const full = rows >= limit || end >= options.bytes || (atEnd && rows > 0);
      if (!full) return;
      const block = new CsvBlock(fields, bytes.subarray(0, end), rows, options.origin, rowsBefore + 1);
      rowsBefore += rows;
      bytes = bytes.subarray(end);
      [rows, end, limit] = [0, 0, options.rows];
      yield Batch.fromBlock(block);
    }
  };

  let heldBytes = 0;
  for await (const piece of pieces) {
    held.push(piece);
    heldBytes += piece.length;
    // Small pieces are joined by the megabyte, not one by one: joining costs a copy of all that is held.
    if (heldBytes < Math.min(1 << 20, bytes.length + (1 << 16))) continue;
    bytes = Buffer.concat([bytes, ...held]);
    [held, heldBytes] = [[], 0];
    yield* cut(false);
  }
  bytes = Buffer.concat([bytes, ...held]);
  yield* cut(true);
}

function isCompanion(field: string, fields: readonly string[]): boolean {
  return field.startsWith('__mv_') && fields.includes(field.slice(5));
}

function checkHeader(fields: string[], origin: string): string[] {
  const seen = new Set<string>();
  for (const field of fields) {
    if (seen.has(field)) throw new CsvError(`${origin}: the header names the field '${field}' twice.`);
    seen.add(field);
  }
  return fields;
}
