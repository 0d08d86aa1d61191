import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { programsOf } from '../../../container/templates/process/programs.ts';
import { Environments } from '../../../container/templates/python/environments.ts';
import { publishTemplate } from '../../../container/templates/publish.ts';
import { TemplateStore } from '../../../container/templates/store.ts';
import { Bench, into } from '../../jobs/harness.ts';
import { PYTHON } from '../../onnx/python.ts';
import { LIMITS, folder, optionsFor, withPython } from './harness.ts';

/** Through the real jobs, with one worker that applies and one fit at a time. */
let bench: Bench;
beforeAll(
  () =>
    void (bench = new Bench({
      applyWorkers: 1,
      fitWorkers: 1,
      python: { command: PYTHON, environments: '/none' },
    })),
);
afterAll(() => bench.close());

function save(file: string, text: string) {
  return publishTemplate(join(folder('sources'), file), text, {
    ...optionsFor(),
    store: new TemplateStore(bench.settings.templateFolder),
  });
}

const ROWS = `x,z,y\n${Array.from({ length: 20 }, (_, i) => `${i},${(i * 3) % 7},${2 * i + 1}`).join('\n')}\n`;

withPython('a first import that takes its time blocks no other search', async () => {
  const slow = (version: number) => `
import os, time
while os.path.exists('../wait'): time.sleep(0.05)
kind = 'regressor'
def fit(model, df, param): return {'version': ${version}}
def apply(model, df, param): return [model['version']] * len(df)
`;
  const wait = join(programsOf('file:///dist/', bench.settings).scratch, 'wait');
  await save('Slow.py', slow(1));
  await bench.fit({ algorithm: 'Slow', targets: ['y'], fields: ['x'], into: into('slow') }, [ROWS]);
  await bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields: ['x'], into: into('line') }, [
    ROWS,
  ]);
  mkdirSync(dirname(wait), { recursive: true });
  try {
    writeFileSync(wait, '');
    // The worker that applies has no process for it yet; it is the only one.
    const applied = bench.apply('slow', ROWS);
    expect((await bench.apply('line', ROWS)).csv).toContain('predicted(y)');
    await save('Slow.py', slow(2));
    const fitted = bench.fit({ algorithm: 'Slow', targets: ['y'], fields: ['x'] }, [ROWS]);
    await bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields: ['x'] }, [ROWS]);
    rmSync(wait);
    expect((await applied).csv.split('\n')[1]).toBe('0,0,1,1');
    expect((await fitted).at(-1)!.csv.split('\n')[1]).toBe('0,0,1,2');
  } finally {
    rmSync(wait, { force: true });
  }
});

withPython(
  "a module in DSDL's convention takes any option, fields by name, and a target or none",
  async () => {
    await save(
      'told.py',
      `
import pandas as pd
MODEL_DIRECTORY = "/srv/app/model/data/"
def init(df, param): return {}
def fit(model, df, param):
    model['told'] = '|'.join([
        ','.join(df.columns), ','.join(map(str, df.dtypes)), ','.join(param['feature_variables']), ','.join(param['target_variables']),
        str('target_variable' in param['options']), param['options']['params'].get('epochs', '').strip('"'),
    ])
    return {'message': 'model trained'}
def apply(model, df, param):
    return pd.DataFrame({'told': [model['told']] * len(df), 'columns': [','.join(df.columns)] * len(df)})
def save(model, name):
    with open(MODEL_DIRECTORY + name + '.txt', 'w') as file: file.write(model['told'])
    return model
def load(name):
    with open(MODEL_DIRECTORY + name + '.txt') as file: return {'told': file.read()}
`,
    );
    const text = 'word,n,y\nü,1,a\n,2,b\nw,3,a\n';
    const first = (csv: string) => csv.split('\n')[1];
    const without = await bench.fit(
      { algorithm: 'told', fields: ['word', 'n'], options: { epochs: '"12"' }, into: into('none') },
      [text],
    );
    expect(first(without.at(-1)!.csv)).toMatch(
      /"?word,n\|(str|object),int64\|word,n\|\|False\|12"?,"word,n"$/,
    );
    // By another process, from the files that save wrote; the row with a null has an answer too.
    const applied = await bench.apply('none', text);
    expect(applied.csv.split('\n')[2]).toContain('|12');
    const withTarget = await bench.fit(
      { algorithm: 'told', targets: ['y'], fields: ['word', 'n'], into: into('some') },
      [text],
    );
    expect(first(withTarget.at(-1)!.csv)).toMatch(
      /word,n,y\|(str|object),int64,(str|object)\|word,n\|y\|True\|"?,"word,n,y"$/,
    );
    const lacking = await bench.apply('some', 'word,n\nü,1\n');
    expect(lacking.csv.split('\n')[1]).toMatch(/,"word,n"$/);
    expect(lacking.meta.messages).toEqual([]);
  },
);

test('without Python, a template in it says what to do', async () => {
  const options = optionsFor(undefined, '/nowhere/python3');
  const environments = new Environments({
    folder: folder('none'),
    command: '/nowhere/python3',
    pip: () => ({ extraIndexUrls: [], environment: {} }),
  });
  await expect(
    publishTemplate(resolve('/tmp/X.py'), 'kind = "regressor"', {
      ...options,
      limits: LIMITS,
      python: { ...options.python!, environments },
    }),
  ).rejects.toMatchObject({
    code: 'template_invalid',
    message: expect.stringMatching(
      /Templates in Python need Python, and "\/nowhere\/python3" could not be started \(there is no such program\)\. Install Python .* KEPLER_PYTHON/,
    ),
  });
  expect(existsSync(options.store.folder)).toBe(false);
});
