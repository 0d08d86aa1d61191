import { Bench, into } from './harness.ts';

let bench: Bench;
beforeAll(() => void (bench = new Bench()));
afterAll(() => bench.close());

/** y = 2 a - 3 b + 1, exactly. */
function table(rows: number, from = 0): string {
  const lines = ['_time,"a","b",text,y'];
  for (let i = from; i < from + rows; i++) {
    const a = (i % 17) / 4;
    const b = (i % 23) - 11;
    lines.push(`${1700000000 + i},"${a}","${b}","t, ""${i}""",${2 * a - 3 * b + 1}`);
  }
  return `${lines.join('\n')}\n`;
}

describe('fit, then apply', () => {
  it('gives all rows back with the prediction behind them, and the model afterwards', async () => {
    const chunks = [table(3000), table(2500, 3000), table(1, 5500)];
    const replies = await bench.fit(
      { algorithm: 'LinearRegression', targets: ['y'], fields: ['a', 'b'], into: into('line') },
      chunks,
    );
    expect(replies.slice(0, -1).map(({ csv }) => csv)).toEqual(['', '']);
    const last = replies[2];
    expect(last.meta.version).toEqual({ namespace: 'user', name: 'line', version: 1 });
    const lines = last.csv.split('\n');
    const rows = [chunks[0], ...chunks.slice(1).map((c) => c.slice(c.indexOf('\n') + 1))]
      .join('')
      .split('\n');
    expect(lines.length).toBe(rows.length);
    expect(lines[0]).toBe(`${rows[0]},predicted(y)`);
    for (let i = 1; i < rows.length - 1; i++) {
      const cut = lines[i].lastIndexOf(',');
      expect(lines[i].slice(0, cut)).toBe(rows[i]);
      expect(Number(lines[i].slice(cut + 1))).toBeCloseTo(Number(rows[i].split(',').pop()), 8);
    }
    const applied = await bench.apply('line', 'b,a\n1,2\n"5","-0.25"\n,3\n');
    const cells = applied.csv.split('\n');
    expect(cells[0]).toBe('b,a,predicted(y)');
    expect(Number(cells[1].split(',')[2])).toBeCloseTo(2, 8);
    expect(Number(cells[2].split(',')[2])).toBeCloseTo(-14.5, 8);
    expect(cells[3]).toBe(',3,');
    expect(bench.spooled()).toEqual([]);
  });
});
