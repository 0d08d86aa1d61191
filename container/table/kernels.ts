/** What the kernels offer; places are addresses in the shared memory. Their sources lie in `assembly/`. */

export interface TableKernels {
  parse(job: number): number;
  splitCells(row: number, end: number, out: number): number;
  encode(
    cells: number,
    from: number,
    rows: number,
    table: number,
    mask: number,
    fixed: number,
    codes: number,
    lastHash: number,
  ): number;
  formatNumber(value: number, target: number): number;
  weaveList(job: number, target: number): number;
  weaveCsv(job: number, source: number, target: number): number;
  weaveMapped(
    job: number,
    source: number,
    target: number,
    map: number,
    mapped: number,
    cells: number,
  ): number;
  weaveListed(list: number, listEnd: number, source: number, target: number): number;
  measure(job: number, scratch: number): number;
  /** A 64-bit integer, signed as WebAssembly gives it. */
  xxhash(start: number, end: number): bigint;
}

export interface ScoringKernels {
  fill(out: number, rows: number, start: number): void;
  linear(columns: number, count: number, weights: number, intercept: number, rows: number, out: number): void;
  addByCode(codes: number, table: number, rows: number, out: number): void;
  countNulls(column: number, rows: number): number;
  markNullNumbers(column: number, rows: number, valid: number): number;
  markNullCodes(codes: number, rows: number, unseenToo: number, valid: number): number;
  toRows(column: number, rows: number, target: number, rowBytes: number): void;
  setLevels(codes: number, rows: number, places: number, target: number, rowBytes: number): void;
  trees(
    x: number,
    rowBytes: number,
    from: number,
    to: number,
    count: number,
    roots: number,
    depths: number,
    firsts: number,
    nodes: number,
    values: number,
    width: number,
    out: number,
    stride: number,
  ): void;
}
