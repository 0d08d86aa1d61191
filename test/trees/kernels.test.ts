import { Arena } from '../../container/estimators/trees/arena.ts';
import { Binner } from '../../container/estimators/trees/binning.ts';
import { codeBlocks } from '../../container/estimators/trees/histogram-pool.ts';
import { classWord, HISTOGRAM_WORDS, RESULT } from '../../container/estimators/trees/kernels.ts';
import type { Kernels } from '../../container/estimators/trees/kernels.ts';
import { plainKernels } from '../../container/estimators/trees/plain-kernels.ts';
import { Random } from '../../container/estimators/trees/random.ts';
import { chooseFormat, packWord, wordSum, wordWeight } from '../../container/estimators/trees/sums.ts';
import { wasmKernels } from '../../container/estimators/trees/wasm-kernels.ts';
import { newWorkspace } from '../../container/estimators/trees/workspace.ts';

const ROWS = 3000;
/** Features of 2, 7, about 250 and 3000 distinct values: bins of 8 and of 16 bits. */
const DISTINCT = [2, 7, 250, 1e9];
/** A node large against its bins, and one small. */
const RANGES = [
  [0, ROWS],
  [100, 140],
] as const;

function setUp(classes: number) {
  const arena = new Arena();
  const random = new Random(7);
  const binner = new Binner(ROWS, ROWS, arena, plainKernels);
  const columns = DISTINCT.map((distinct) =>
    binner.bin(Float64Array.from({ length: ROWS }, () => Math.floor(random.share() * distinct))),
  );
  const work = newWorkspace(arena, columns, classes);
  for (let i = 0; i < ROWS; i++) work.rows[i] = (i * 7) % ROWS;
  const format = chooseFormat(10, ROWS * 5, true);
  for (let i = 0; i < ROWS; i++) {
    const weight = 1 + random.below(3);
    if (classes > 0) work.payload[i] = classWord(random.below(classes), weight);
    else packWord(work.payload, i, (random.share() * 20 - 10) * weight, weight, format);
  }
  return { arena, columns, work, format, wasm: wasmKernels(arena.memory) };
}

/** What a search in histograms left, less what it does not tell. */
function foundBy(result: Float64Array): number[] | null {
  const { proxy, lastLeft, firstRight, feature, leftSum, leftWeight } = RESULT;
  if (result[proxy] === -Infinity) return null;
  return [proxy, lastLeft, firstRight, feature, leftSum, leftWeight].map((place) => result[place]);
}

/** Runs the same call with both kernels and gives back what each left. */
function both<Found>(wasm: Kernels, run: (kernels: Kernels) => Found): [Found, Found] {
  return [run(plainKernels), run(wasm)];
}

describe.each(RANGES)('on rows %d to %d, plain and compiled kernels agree to the last bit:', (start, end) => {
  test.each([
    [2, 1, false],
    [2, 20, true],
    [5, 1, false],
    [5, 20, true],
  ])('classSplit with %d classes, leaves of %d rows', (classes, minRows, countRows) => {
    const { columns, work, wasm } = setUp(classes);
    const weights = Float64Array.from({ length: classes }, (_, k) => 0.3 + k / 7);
    for (const column of columns) {
      const [plain, compiled] = both(wasm, (kernels) => {
        work.result.fill(0);
        kernels.classTotals(work, start, end);
        work.classes.set(weights);
        for (let k = 0; k < classes; k++) work.classes[classes + k] *= weights[k];
        kernels.classSplit(column, work, start, end, { minRows, minWeight: 2, countRows }, 'gini');
        expect([...work.histogram, ...work.counts, ...work.marks].every((word) => word === 0)).toBe(true);
        return [...work.result.subarray(0, 4)];
      });
      expect(compiled).toEqual(plain);
      expect(plain[3]).toBeGreaterThan(1);
    }
  });

  test.each([
    [1, false],
    [20, true],
  ])('sumSplit with leaves of %d rows', (minRows, countRows) => {
    const { columns, work, wasm, format } = setUp(0);
    for (const column of columns) {
      const [plain, compiled] = both(wasm, (kernels) => {
        kernels.sumTotals(work, start, end, format);
        const [sum, weight] = [work.result[0] * format.unit, work.result[1] * format.weightUnit];
        kernels.sumSplit(column, work, start, end, format, sum, weight, { minRows, minWeight: 2, countRows });
        expect([...work.histogram, ...work.counts, ...work.marks].every((word) => word === 0)).toBe(true);
        return [sum, weight, ...work.result.subarray(0, 4)];
      });
      expect(compiled).toEqual(plain);
      if (end - start > 100) expect(Number.isFinite(plain[2])).toBe(true);
    }
  });

  test('histograms, their sums and differences, and the search in them', () => {
    const { arena, columns, work, wasm, format } = setUp(0);
    const bytes = columns.slice(0, 3);
    // A full block and a part of one.
    const eleven = Array.from({ length: 11 }, (_, f) => bytes[f % 3]);
    const codes = codeBlocks(arena, eleven);
    const bins = arena.integers(3);
    bins.set(bytes.map((column) => column.bins));
    const newHistograms = () => arena.words(11 * HISTOGRAM_WORDS);
    const [whole, part, sum] = [newHistograms(), newHistograms(), newHistograms()];
    const [plain, compiled] = both(wasm, (kernels) => {
      kernels.sumHistograms(codes, work, start, end, whole);
      kernels.sumHistograms(codes, work, start, start + 30, part);
      kernels.subtractHistograms(whole, part);
      kernels.addHistograms(sum, whole, part);
      kernels.sumTotals(work, start + 30, end, format);
      const [total, weight] = work.result;
      const found = [];
      for (const [least, most] of [
        [1, weight - 1],
        [weight / 3, weight / 2],
        [weight, weight],
      ]) {
        for (let f = 0; f < 3; f++) {
          work.result.fill(0);
          kernels.scanSums(whole, bins, f, f + 1, work, format, total, weight, least, most);
          found.push(foundBy(work.result));
        }
        kernels.scanSums(whole, bins, 0, 3, work, format, total, weight, least, most);
        const best = foundBy(work.result);
        expect(best?.[0] ?? -Infinity).toBe(Math.max(...found.slice(-3).map((one) => one?.[0] ?? -Infinity)));
      }
      return { found, whole: [...whole], part: [...part], sum: [...sum] };
    });
    expect(compiled).toEqual(plain);
    expect(plain.found.slice(0, 3)).not.toContain(null);
    expect(plain.found.slice(6)).toEqual([null, null, null]);
    // What is left of the parent's is what the sibling's own rows give; together they are the parent's.
    const own = newHistograms();
    plainKernels.sumHistograms(codes, work, start + 30, end, own);
    expect([...own]).toEqual(plain.whole);
    plainKernels.sumHistograms(codes, work, start, end, own);
    expect([...own]).toEqual(plain.sum);
    // The same boundary as without histograms.
    plainKernels.sumTotals(work, start + 30, end, format);
    const [total, weight] = [work.result[0] * format.unit, work.result[1] * format.weightUnit];
    const limits = { minRows: 1, minWeight: 0, countRows: false };
    plainKernels.sumSplit(bytes[2], work, start + 30, end, format, total, weight, limits);
    const [proxy, lastLeft, firstRight, feature, leftSum, leftWeight] = plain.found[2] ?? [];
    expect(feature).toBe(2);
    const left = [...work.rows.subarray(start + 30, end)].flatMap((row, i) =>
      bytes[2].codes[row] <= lastLeft ? [start + 30 + i] : [],
    );
    expect(leftSum).toBe(left.reduce((all, i) => all + wordSum(work.payload, i, format.weightBits), 0));
    expect(leftWeight).toBe(left.reduce((all, i) => all + wordWeight(work.payload, i, format.weightBits), 0));
    expect(proxy * (format.unit ** 2 / format.weightUnit)).toBeCloseTo(work.result[0], 9);
    expect([lastLeft, firstRight]).toEqual([...work.result.subarray(1, 3)]);
  });

  test.each([1, 2] as const)('partition with %d words a row', (width) => {
    const { columns, work, wasm } = setUp(width === 1 ? 3 : 0);
    for (const column of columns) {
      const before = { rows: work.rows.slice(), payload: work.payload.slice() };
      const lastLeft = Math.floor(column.bins / 3);
      const [plain, compiled] = both(wasm, (kernels) => {
        work.rows.set(before.rows);
        work.payload.set(before.payload);
        const middle = kernels.partition(column, work, start, end, lastLeft, width);
        return { middle, rows: [...work.rows], payload: [...work.payload] };
      });
      expect(compiled).toEqual(plain);
      const { rows, middle } = plain;
      expect(rows.slice(start, middle).every((row) => column.codes[row] <= lastLeft)).toBe(true);
      expect(rows.slice(middle, end).every((row) => column.codes[row] > lastLeft)).toBe(true);
    }
  });
});

test('packSums rounds as its plain form does, negative numbers and halves too', () => {
  const { arena, work, wasm } = setUp(0);
  const format = chooseFormat(4, ROWS, true);
  const values = arena.doubles(ROWS);
  for (let i = 0; i < ROWS; i++)
    values[i] = ((i % 17) - 8) * (format.unit / 2) + (i % 5 === 0 ? -Math.PI : 0.25);
  const [plain, compiled] = both(wasm, (kernels) => {
    work.payload.fill(0);
    kernels.packSums(values, work, ROWS, format);
    return [...work.payload];
  });
  expect(compiled).toEqual(plain);
});

test('codeValues finds the same bins, at edges and beyond them', () => {
  const { arena, wasm } = setUp(0);
  const random = new Random(3);
  const values = arena.floats(ROWS);
  const edges = arena.floats(256).fill(Infinity);
  for (let b = 0; b < 200; b++) edges[b] = b / 10;
  for (let i = 0; i < ROWS; i++) values[i] = i % 3 === 0 ? edges[random.below(200)] : random.share() * 25 - 2;
  const [plain, compiled] = both(wasm, (kernels) => {
    const codes = arena.bytes(ROWS);
    const [low, high] = [arena.floats(256).fill(Infinity), arena.floats(256).fill(-Infinity)];
    kernels.codeValues(values, edges, codes, low, high);
    return { codes: [...codes], low: [...low], high: [...high] };
  });
  expect(compiled).toEqual(plain);
  expect(Math.max(...plain.codes)).toBe(200);
});

test.each([1, 3])(
  'gradients of the log loss with %d outputs, far scores and an odd number of rows',
  (outputs) => {
    const { arena, work, wasm } = setUp(0);
    const random = new Random(5);
    const block = arena.doubles(ROWS * outputs);
    const scores = Array.from({ length: outputs }, (_, k) => block.subarray(k * ROWS, (k + 1) * ROWS));
    for (const own of scores) for (let i = 0; i < ROWS; i++) own[i] = (random.share() - 0.5) * 4 ** (i % 7);
    scores[0].set([0, -0, 745, -745, 1e300, -1e300]);
    const codes = arena.doubles(ROWS);
    for (let i = 0; i < ROWS; i++) codes[i] = random.below(Math.max(2, outputs));
    const [plain, compiled] = both(wasm, (kernels) => {
      const found = arena.doubles(ROWS * outputs);
      const gradients = scores.map((_, k) => found.subarray(k * ROWS, (k + 1) * ROWS));
      kernels.classGradients(scores, codes, gradients, 3, ROWS - 2);
      kernels.newtonSums(gradients[0], work.rows, work, 100, 1000);
      return { found: [...found], sums: [...work.result.subarray(0, 2)] };
    });
    expect(compiled).toEqual(plain);
    let worst = 0;
    for (let i = 3; i < ROWS - 2; i++) {
      const powers = scores.map((own) => Math.exp(own[i] - Math.max(...scores.map((one) => one[i]))));
      const sum = powers.reduce((a, b) => a + b, 0);
      for (let k = 0; k < outputs; k++) {
        const exact =
          outputs === 1
            ? codes[i] - 1 / (1 + Math.exp(-scores[0][i]))
            : Number(codes[i] === k) - powers[k] / sum;
        worst = Math.max(worst, Math.abs(plain.found[k * ROWS + i] - exact));
      }
    }
    expect(worst).toBeLessThan(1e-15);
    // What lies beside the rows asked for stays as it was: it may be another thread's.
    expect([...plain.found.slice(0, 3), ...plain.found.slice(ROWS - 2, ROWS)]).toEqual([0, 0, 0, 0, 0]);
  },
);
