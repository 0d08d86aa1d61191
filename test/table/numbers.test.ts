import { readNumber } from '../../container/table/numbers.ts';
import { NUMBER } from '../../container/table/reader.ts';
import { newSharedMemory, TableMemory } from '../../container/table/table-memory.ts';
import { KernelReader } from './read-rows.ts';

const bits = new Uint32Array(2);
const double = new Float64Array(bits.buffer);

function anyDouble(): number {
  do {
    bits[0] = Math.random() * 2 ** 32;
    bits[1] = Math.random() * 2 ** 32;
  } while (!Number.isFinite(double[0]));
  return double[0];
}

const whole = (below: number) => Math.floor(Math.random() * below);

const VALUES: (() => number)[] = [
  anyDouble,
  Math.random,
  () => (Math.random() - 0.5) * 10 ** (whole(60) - 30),
  () => whole(2 ** 53) - 2 ** 52,
  () => 2 ** (whole(2098) - 1074),
  () => whole(1000) * 10 ** (whole(40) - 20),
  () => Number((Math.random() * 1000).toFixed(whole(4))),
  () => -whole(1e6) / 1000,
];

const TEXTS: (() => string)[] = [
  () => String(anyDouble()),
  () => String((Math.random() - 0.5) * 10 ** (whole(40) - 20)),
  () => ((Math.random() - 0.5) * 10 ** whole(12)).toPrecision(1 + whole(19)),
  () => (BigInt(whole(2 ** 53)) * 2n + 1n).toString(),
  () => anyDouble().toExponential(whole(17)),
  () => `0.${'0'.repeat(whole(8))}${whole(1e6)}`,
  () => `-${whole(100)}.${whole(1e9)}`,
  () => `${whole(1e15)}${whole(1e9)}.${whole(1e9)}`,
  () => ` ${whole(1e6)} `,
];

describe('numbers', () => {
  it('are written as String writes them', () => {
    const memory = new TableMemory(newSharedMemory());
    const at = memory.reserve(64);
    const written = (value: number) =>
      memory.bytes.toString('latin1', at, memory.table.formatNumber(value, at));
    for (const value of [
      0, -0, 5e-324, 1.7976931348623157e308, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7,
    ]) {
      expect(written(value)).toBe(String(value));
    }
    expect([written(NaN), written(Infinity), written(-Infinity)]).toEqual(['', 'Infinity', '-Infinity']);
    for (let i = 0; i < 1_000_000; i++) {
      const value = VALUES[i % VALUES.length]();
      if (written(value) !== String(value)) throw new Error(`${value} was written ${written(value)}`);
    }
  });

  it('are read as Number reads them, quoted or not', () => {
    for (let round = 0; round < 10; round++) {
      const texts = Array.from({ length: 50_000 }, (_, i) => TEXTS[i % TEXTS.length]());
      const lines = texts.map((text, i) => (i & 8 ? `"${text}",1` : `${text},1`));
      const chunk = Buffer.from(`x,y\n${lines.join('\n')}\n`);
      const rows = new KernelReader().read(chunk, [NUMBER, 0]);
      expect(rows.length).toBe(texts.length);
      rows.forEach(({ cells }, i) => {
        const value = Number(texts[i]);
        if (!Object.is(cells[0], Number.isFinite(value) ? value : null))
          throw new Error(`${texts[i]} was read ${cells[0]}`);
      });
    }
  });

  it.each([
    ['1e5', 1e5],
    [' 7 ', 7],
    ['-0', -0],
    ['+5', 5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e400', 'not-finite'],
    ['NaN', 'not-finite'],
    ['-inf', 'not-finite'],
    ['Infinity', 'not-finite'],
    ['1,234', 'text'],
    ['0x10', 'text'],
    ['0b1', 'text'],
    ['1_000', 'text'],
    ['-', 'text'],
    ['.', 'text'],
    ['1e', 'text'],
    [' ', 'text'],
    ['12a', 'text'],
  ])('%j reads as %p', (text, expected) => {
    const reading = readNumber(text);
    expect(reading.kind === 'number' ? reading.value : reading.kind).toBe(expected);
  });
});
