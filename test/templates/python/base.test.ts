import { readFileSync } from 'node:fs';
import { numbers, endAll, publish, start, withPython } from './harness.ts';

afterEach(endAll);

const PY = readFileSync('container/templates/base.py', 'utf8');
const NOTEBOOK = readFileSync('container/templates/base.ipynb', 'utf8');

test('the base is short', () => expect(PY.split('\n').length).toBeLessThan(80));

withPython(
  'the base in Python and the notebook can be published as they are, and say the same as the base in TypeScript',
  async () => {
    const x1 = Array.from({ length: 20 }, (_, i) => i);
    const x2 = x1.map((i) => (i * 7) % 13);
    const table = numbers({ x1, x2 });
    const target = { kind: 'number' as const, name: 'y', values: Float64Array.from(x1, (x) => 3 * x + 5) };
    const said: unknown[] = [];
    for (const [file, text] of [
      ['Mine.py', PY],
      ['Mine.ipynb', NOTEBOOK],
    ]) {
      const { manifest, ...rest } = await publish(file, text);
      expect(manifest).toMatchObject({
        kind: 'regressor',
        description: 'Predicts a number from how each feature moves with it, one feature at a time.',
        params: { properties: { shrink: { default: 1, maximum: 1 } } },
      });
      const asked = await start({ manifest, ...rest });
      await asked.fit(table, target, { shrink: 1 });
      said.push([await asked.apply(table), await asked.summary()]);
    }
    expect(said[0]).toEqual(said[1]);
    expect(said[0]).toMatchObject([
      [{ name: 'predicted(y)', kind: 'number' }],
      { fields: ['name', 'value'] },
    ]);
  },
);
