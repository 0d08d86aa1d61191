import { gram } from '../../../container/estimators/linear-algebra/gram.ts';
import {
  plainAddProducts,
  productKernel,
} from '../../../container/estimators/linear-algebra/product-kernel.ts';
import { Arena } from '../../../container/estimators/trees/arena.ts';
import { Random } from '../../../container/estimators/trees/random.ts';

const random = new Random(11);
const column = (rows: number) => Float64Array.from({ length: rows }, () => 1e3 * random.share() - 300);
const { signal } = new AbortController();

test.each([2, 4, 12])('plain and compiled products of %d columns agree to the last bit', (columns) => {
  const STRIDE = 40;
  const arena = new Arena();
  const block = arena.doubles(columns * STRIDE);
  const [means, factors] = [arena.doubles(columns), arena.doubles(columns)];
  const values = column(columns * STRIDE);
  for (let c = 0; c < columns; c++) [means[c], factors[c]] = [random.share() * 100, 1 / (1 + c)];
  const [plain, compiled] = [plainAddProducts, productKernel(arena.memory)].map((addProducts) => {
    const sums = arena.doubles(columns * columns);
    for (const size of [STRIDE, 6]) {
      block.set(values);
      addProducts(block, size, columns, means, factors, sums);
    }
    return [...sums];
  });
  expect(compiled).toEqual(plain);
  expect(plain[0]).toBeGreaterThan(0);
});

test.each([
  [1, 3],
  [255, 2],
  [1001, 5],
  [30_001, 7],
])('%d rows of %d columns: the sums are those of the definition', (rows, p) => {
  const columns = Array.from({ length: p }, () => column(rows));
  const shifts = columns.map((_, c) => ({ mean: 10 * c, unit: 2 ** c }));
  const products = gram(columns, shifts, rows, signal);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      let sum = 0;
      let size = 0;
      for (let i = 0; i < rows; i++) {
        const product = ((columns[a][i] - 10 * a) / 2 ** a) * ((columns[b][i] - 10 * b) / 2 ** b);
        sum += product;
        size += Math.abs(product);
      }
      expect(Math.abs(products[a * p + b] - sum)).toBeLessThanOrEqual(1e-13 * size);
    }
  }
});
