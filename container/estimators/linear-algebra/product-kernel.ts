import bytes from '#kernels/training.wasm';

/**
 * Adds a block's products of columns to the lower triangle of `sums` (columns × columns). Column c of the block starts at
 * c * block.length / columns and has `size` values, an even number; they become (value - mean) * factor first. All arrays
 * are views of the kernel's memory; `columns` is even.
 */
export type AddProducts = (
  block: Float64Array,
  size: number,
  columns: number,
  means: Float64Array,
  factors: Float64Array,
  sums: Float64Array,
) => void;

let compiled: WebAssembly.Module | undefined;

export function productKernel(memory: WebAssembly.Memory): AddProducts {
  compiled ??= new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const addProducts = exports.addProducts as (...args: number[]) => void;
  return (block, size, columns, means, factors, sums) =>
    addProducts(
      block.byteOffset,
      block.byteLength / columns,
      size,
      columns,
      means.byteOffset,
      factors.byteOffset,
      sums.byteOffset,
    );
}

/** The same in plain TypeScript, to be read and to check against. */
export const plainAddProducts: AddProducts = (block, size, columns, means, factors, sums) => {
  const stride = block.length / columns;
  for (let c = 0; c < columns; c++) {
    for (let i = c * stride; i < c * stride + size; i++) block[i] = (block[i] - means[c]) * factors[c];
  }
  for (let a = 0; a < columns; a++) {
    for (let b = 0; b <= (a | 1); b++) {
      // Two sums side by side, as the kernel's lanes.
      let even = 0;
      let odd = 0;
      for (let i = 0; i < size; i += 2) {
        even += block[a * stride + i] * block[b * stride + i];
        odd += block[a * stride + i + 1] * block[b * stride + i + 1];
      }
      sums[a * columns + b] += even + odd;
    }
  }
};
