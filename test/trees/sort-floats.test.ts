import { Random } from '../../container/estimators/trees/random.ts';
import { sortFloats } from '../../container/estimators/trees/sort-floats.ts';

test.each([0, 1, 2, 5000])(
  '%d numbers of all sizes and signs come in the order that sort() gives',
  (count) => {
    const random = new Random(5);
    const values = Float32Array.from({ length: count }, (_, i) => {
      const size = 10 ** (random.share() * 80 - 44);
      return [size, -size, 0, -0, Infinity, -Infinity, Math.round(size)][i % 7];
    });
    const expected = [...values.slice().sort()];
    // The bits, so that the two zeros are told apart.
    const bits = (numbers: Float32Array) => [...new Uint32Array(numbers.buffer)];
    expect(bits(sortFloats(values))).toEqual(bits(Float32Array.from(expected)));
  },
);
