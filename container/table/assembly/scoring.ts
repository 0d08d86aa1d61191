// Scores from columns. The host lays out memory; nothing is allocated here.

/** out[r] = start for all rows. */
export function fill(out: usize, rows: i32, start: f64): void {
  for (let r: usize = 0; r < <usize>rows; r++) store<f64>(out + (r << 3), start);
}

/**
 * out[r] = intercept + sum of weights[c] * column c; `columns` holds the columns' addresses. Two rows at a time: one more
 * than asked for may be written.
 */
export function linear(
  columns: usize,
  count: i32,
  weights: usize,
  intercept: f64,
  rows: i32,
  out: usize,
): void {
  for (let r: usize = 0; r < <usize>rows; r += 2) {
    let sum = f64x2.splat(intercept);
    for (let c: usize = 0; c < <usize>count; c++) {
      const column = <usize>load<u32>(columns + (c << 2));
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(weights + (c << 3)), v128.load(column + (r << 3))));
    }
    v128.store(out + (r << 3), sum);
  }
}

/** out[r] += table[code[r] + 2]: a text column's one-hot weights, with 0 for null (-1) and unseen (-2). */
export function addByCode(codes: usize, table: usize, rows: i32, out: usize): void {
  for (let r: usize = 0; r < <usize>rows; r++) {
    const place = out + (r << 3);
    store<f64>(place, load<f64>(place) + load<f64>(table + (<usize>(load<i32>(codes + (r << 2)) + 2) << 3)));
  }
}

/** Whether any of the numbers may be null. Four at a time: what lies behind the last may say so too. */
// @ts-ignore: decorator
@inline
function mayHoldNull(column: usize, rows: i32): bool {
  let found = f64x2.splat(0);
  for (let r: usize = 0; r < <usize>rows; r += 4) {
    const a = v128.load(column + (r << 3));
    const b = v128.load(column + (r << 3), 16);
    found = v128.or(found, v128.or(f64x2.ne(a, a), f64x2.ne(b, b)));
  }
  return v128.any_true(found);
}

/** How many of the numbers are null. */
export function countNulls(column: usize, rows: i32): i32 {
  if (!mayHoldNull(column, rows)) return 0;
  let nulls = 0;
  for (let r: usize = 0; r < <usize>rows; r++) {
    const v = load<f64>(column + (r << 3));
    nulls += <i32>(v != v);
  }
  return nulls;
}

/** valid[r] = 0 where the number is null. */
export function markNullNumbers(column: usize, rows: i32, valid: usize): i32 {
  if (!mayHoldNull(column, rows)) return 0;
  let nulls = 0;
  for (let r: usize = 0; r < <usize>rows; r++) {
    const v = load<f64>(column + (r << 3));
    if (v != v) {
      store<u8>(valid + r, 0);
      nulls++;
    }
  }
  return nulls;
}

/** valid[r] = 0 where the code is at most `worst` and below 0: -1 nulls alone, -2 unseen levels too. */
export function markNullCodes(codes: usize, rows: i32, unseenToo: i32, valid: usize): i32 {
  let nulls = 0;
  for (let r: usize = 0; r < <usize>rows; r++) {
    const code = load<i32>(codes + (r << 2));
    if (code == -1 || (unseenToo && code == -2)) {
      store<u8>(valid + r, 0);
      nulls++;
    }
  }
  return nulls;
}

/** Row-major float32 matrix: column c of doubles to place c of each row of `rowBytes`. */
export function toRows(column: usize, rows: i32, target: usize, rowBytes: usize): void {
  let p = target;
  for (let r: usize = 0; r < <usize>rows; r++) {
    store<f32>(p, <f32>load<f64>(column + (r << 3)));
    p += rowBytes;
  }
}

/** Row-major float32 matrix: 1 at the place (in bytes) that `places` holds for the row's code + 2; below 0: nowhere. */
export function setLevels(codes: usize, rows: i32, places: usize, target: usize, rowBytes: usize): void {
  let p = target;
  for (let r: usize = 0; r < <usize>rows; r++) {
    const place = load<i32>(places + (<usize>(load<i32>(codes + (r << 2)) + 2) << 2));
    if (place >= 0) store<f32>(p + place, 1);
    p += rowBytes;
  }
}

/** A tree's node, 16 bytes: place of its input in a row, threshold, its left child's place, its leaf's place in `values`. */
// @ts-ignore: decorator
@inline
function step(nodes: usize, node: usize, row: usize): usize {
  const at = nodes + node;
  // NaN goes right.
  const right = <usize>!(load<f32>(row + <usize>load<u32>(at)) <= load<f32>(at, 4));
  return <usize>load<u32>(at, 8) + (right << 4);
}

// @ts-ignore: decorator
@inline
function addLeaf(values: usize, width: i32, nodes: usize, node: usize, out: usize, stride: usize): void {
  const leaf = values + <usize>load<u32>(nodes + node, 12);
  store<f64>(out, load<f64>(out) + load<f64>(leaf));
  let p = out;
  for (let k: usize = 1; k < <usize>width; k++) {
    p += stride;
    store<f64>(p, load<f64>(p) + load<f64>(leaf + (k << 3)));
  }
}

/**
 * Adds each tree's leaf to the scores of rows from…to. Branchless, eight rows at a time: a leaf leads to itself, so all rows
 * take as many steps as the tree is deep. Scores lie column by column, `stride` bytes apart; `firsts` holds for each tree
 * the place (in bytes) of the score that its first value adds to.
 */
export function trees(
  x: usize,
  rowBytes: usize,
  from: i32,
  to: i32,
  count: i32,
  roots: usize,
  depths: usize,
  firsts: usize,
  nodes: usize,
  values: usize,
  width: i32,
  out: usize,
  stride: usize,
): void {
  for (let block = from; block < to; block += 256) {
    const blockEnd = min(to, block + 256);
    for (let t: usize = 0; t < <usize>count; t++) {
      const root = <usize>load<u32>(roots + (t << 2));
      const depth = load<i32>(depths + (t << 2));
      const scores = out + <usize>load<u32>(firsts + (t << 2));
      let r = block;
      for (; r + 7 < blockEnd; r += 8) {
        const r0 = x + <usize>r * rowBytes;
        const r1 = r0 + rowBytes;
        const r2 = r1 + rowBytes;
        const r3 = r2 + rowBytes;
        const r4 = r3 + rowBytes;
        const r5 = r4 + rowBytes;
        const r6 = r5 + rowBytes;
        const r7 = r6 + rowBytes;
        let n0 = root;
        let n1 = root;
        let n2 = root;
        let n3 = root;
        let n4 = root;
        let n5 = root;
        let n6 = root;
        let n7 = root;
        for (let d = 0; d < depth; d++) {
          n0 = step(nodes, n0, r0);
          n1 = step(nodes, n1, r1);
          n2 = step(nodes, n2, r2);
          n3 = step(nodes, n3, r3);
          n4 = step(nodes, n4, r4);
          n5 = step(nodes, n5, r5);
          n6 = step(nodes, n6, r6);
          n7 = step(nodes, n7, r7);
        }
        const p = scores + (<usize>r << 3);
        addLeaf(values, width, nodes, n0, p, stride);
        addLeaf(values, width, nodes, n1, p + 8, stride);
        addLeaf(values, width, nodes, n2, p + 16, stride);
        addLeaf(values, width, nodes, n3, p + 24, stride);
        addLeaf(values, width, nodes, n4, p + 32, stride);
        addLeaf(values, width, nodes, n5, p + 40, stride);
        addLeaf(values, width, nodes, n6, p + 48, stride);
        addLeaf(values, width, nodes, n7, p + 56, stride);
      }
      for (; r < blockEnd; r++) {
        const row = x + <usize>r * rowBytes;
        let node = root;
        for (let d = 0; d < depth; d++) node = step(nodes, node, row);
        addLeaf(values, width, nodes, node, scores + (<usize>r << 3), stride);
      }
    }
  }
}
