import { Batch } from './batch.ts';
import { CellScanner } from './cell-scanner.ts';
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
  let scanner: CellScanner | undefined;
  let rowsBefore = 0;
  let limit = options.firstRows;
  /** What has come and is not in a batch yet; the rows found in it so far end at `end`. */
  let bytes: Buffer = Buffer.alloc(0);
  let end = 0;

  const tooLong = (row: number, cells: number): never => {
    throw new CsvError(
      `${options.origin}: row ${rowsBefore + row + 1} has ${cells} cells, but the header names ${fields!.length} fields.`,
    );
  };
  const cut = function* (atEnd: boolean): Generator<Batch> {
    if (!fields || !scanner) {
      if (bytes.length < BOM.length && !atEnd) return;
      if (bytes.subarray(0, BOM.length).equals(BOM)) bytes = bytes.subarray(BOM.length);
      const header = bytes.length === 0 ? -1 : rowEnd(bytes, 0, atEnd);
      if (header < 0) return;
      fields = checkHeader(splitRow(bytes, 0, header), options.origin);
      scanner = new CellScanner(fields.length, tooLong);
      bytes = bytes.subarray(header);
      if (atEnd && bytes.length === 0) yield Batch.empty(fields.filter((f) => !isCompanion(f, fields!)));
    }
    for (;;) {
      while (scanner.rows < limit && end < options.bytes && end < bytes.length) {
        const next = scanner.next(bytes, end, atEnd);
        if (next < 0) break;
        end = next;
      }
      const { rows } = scanner;
      if (rows < limit && end < options.bytes && !(atEnd && rows > 0)) return;
      yield Batch.fromBlock(new CsvBlock(fields, bytes.subarray(0, end), rows, scanner.take()));
      rowsBefore += rows;
      bytes = bytes.subarray(end);
      [end, limit] = [0, options.rows];
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
