import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spare } from '../../../container/templates/process/spare.ts';
import { eventually } from '../../eventually.ts';
import { endAll, numbers, optionsFor, publish, start, withPython } from './harness.ts';

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

withPython(
  'after a check a process with the libraries waits for the next save of this template',
  async () => {
    const spare = new Spare(0);
    const options = { ...optionsFor(), spare };
    const { path } = await publish('Mine.py', PY, {}, options);
    const key = `Mine ${options.python!.runtime.command}`;
    expect(await spare.take(`Other ${options.python!.runtime.command}`)).toBeUndefined();
    const standing = await eventually(async () => {
      const waiting = await spare.take(key);
      if (!waiting) throw new Error('nothing waits');
      return waiting;
    });
    expect(await spare.take(key)).toBeUndefined();
    const { header } = await standing.process.ask({ op: 'load' }, readFileSync(join(path, 'bundle.json')));
    expect(header).toMatchObject({ name: 'Mine', kind: 'regressor' });
    await standing.end();
    expect(standing.process.alive).toBe(false);
  },
);
