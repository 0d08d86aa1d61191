import type { Cell } from './cell.ts';
import { decodeMultivalue } from './cell.ts';
import type { CsvBlock } from './csv-block.ts';

/** Where a column's cells stand, while nobody has needed them as text: a column of a CSV block. */
export interface CsvColumn {
  readonly block: CsvBlock;
  readonly at: number;
  /** The column `__mv_<field>` beside it; -1 where there is none. */
  readonly multivalueAt: number;
  /** Which of the block's rows; all of them, in order, where absent. */
  readonly rows?: Uint32Array;
}

export interface Column {
  readonly csv?: CsvColumn;
  cells(): readonly Cell[];
}

const MULTIVALUE = '__mv_';

class LazyColumn implements Column {
  private decoded: readonly Cell[] | undefined;

  constructor(
    readonly csv: CsvColumn,
    private readonly count: number,
  ) {}

  cells(): readonly Cell[] {
    this.decoded ??= this.decode();
    return this.decoded;
  }

  private decode(): Cell[] {
    const { block, at, multivalueAt, rows } = this.csv;
    const cells = new Array<Cell>(this.count);
    for (let i = 0; i < this.count; i++) {
      const row = rows ? rows[i] : i;
      const several = multivalueAt < 0 ? '' : block.text(row, multivalueAt);
      cells[i] = (several === '' ? null : decodeMultivalue(several)) ?? (block.text(row, at) || null);
    }
    return cells;
  }
}

/** The column of a block, for so many rows. */
export function blockColumn(csv: CsvColumn, rows: number): Column {
  return new LazyColumn(csv, rows);
}

/** A column of cells held in memory. */
export function columnOf(cells: readonly Cell[]): Column {
  return { cells: () => cells };
}

/** Some rows, in columns. Never changed: every operation gives another batch, which shares the columns it did not touch. */
export class Batch {
  readonly fields: readonly string[];

  constructor(
    readonly rows: number,
    private readonly columns: ReadonlyMap<string, Column>,
  ) {
    this.fields = [...columns.keys()];
  }

  static empty(fields: readonly string[] = []): Batch {
    return new Batch(0, new Map(fields.map((field) => [field, columnOf([])])));
  }

  static fromCells(rows: number, cells: Iterable<readonly [string, readonly Cell[]]>): Batch {
    return new Batch(rows, new Map([...cells].map(([field, column]) => [field, columnOf(column)])));
  }

  /** The block's columns; `__mv_<field>` belongs to its field. */
  static fromBlock(block: CsvBlock): Batch {
    const columns = new Map<string, Column>();
    const position = new Map(block.fields.map((field, at) => [field, at]));
    for (const [at, field] of block.fields.entries()) {
      if (field.startsWith(MULTIVALUE) && position.has(field.slice(MULTIVALUE.length))) continue;
      const multivalueAt = position.get(MULTIVALUE + field) ?? -1;
      columns.set(field, new LazyColumn({ block, at, multivalueAt }, block.rows));
    }
    return new Batch(block.rows, columns);
  }

  has(field: string): boolean {
    return this.columns.has(field);
  }

  column(field: string): Column | undefined {
    return this.columns.get(field);
  }

  /** The field's cells; nulls where the batch has no such field. */
  cells(field: string): readonly Cell[] {
    return this.columns.get(field)?.cells() ?? new Array<Cell>(this.rows).fill(null);
  }

  /** With the fields replaced in place, or added behind the others. */
  with(added: Iterable<readonly [string, readonly Cell[] | Column]>): Batch {
    const columns = new Map(this.columns);
    for (const [field, column] of added) {
      columns.set(field, Array.isArray(column) ? columnOf(column as readonly Cell[]) : (column as Column));
    }
    return new Batch(this.rows, columns);
  }

  /** Only these fields, in this order; those that the batch lacks are left out. */
  select(fields: readonly string[]): Batch {
    const columns = new Map<string, Column>();
    for (const field of fields) {
      const column = this.columns.get(field);
      if (column) columns.set(field, column);
    }
    return new Batch(this.rows, columns);
  }

  /** Every field under the name that the function gives; of two with one name the later stays. */
  rename(name: (field: string) => string): Batch {
    const columns = new Map<string, Column>();
    for (const [field, column] of this.columns) columns.set(name(field), column);
    return new Batch(this.rows, columns);
  }

  /** The rows of these numbers, in this order. */
  take(rows: Uint32Array): Batch {
    const columns = new Map<string, Column>();
    for (const [field, column] of this.columns) {
      if (column.csv) {
        const before = column.csv.rows;
        const csv = { ...column.csv, rows: before ? rows.map((row) => before[row]) : rows };
        columns.set(field, new LazyColumn(csv, rows.length));
      } else {
        const cells = column.cells();
        columns.set(field, columnOf(Array.from(rows, (row) => cells[row])));
      }
    }
    return new Batch(rows.length, columns);
  }

  slice(from: number, to: number): Batch {
    if (from === 0 && to >= this.rows) return this;
    const end = Math.min(to, this.rows);
    return this.take(Uint32Array.from({ length: Math.max(0, end - from) }, (_, i) => from + i));
  }
}

/** All rows in one batch; the fields in the order in which they first appear. */
export function concatBatches(batches: readonly Batch[]): Batch {
  if (batches.length === 1) return batches[0];
  const fields = new Set<string>();
  for (const batch of batches) for (const field of batch.fields) fields.add(field);
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  return Batch.fromCells(
    rows,
    [...fields].map((field) => [field, batches.flatMap((batch) => batch.cells(field))] as const),
  );
}
