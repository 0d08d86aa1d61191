import { decodeEvaluation } from '../../container/helpers/metrics/evaluation.ts';
import type { Evaluation } from '../../container/helpers/metrics/evaluation.ts';
import {
  calculateClassificationMetrics,
  calculateRegressionMetrics,
} from '../../container/helpers/metrics/index.ts';
import { plotList, plotTable } from '../../container/helpers/metrics/plot-table.ts';
import { Registry } from '../../container/registry/registry.ts';
import type { Manifest } from '../../container/registry/types.ts';
import { ALICE, Bench, into } from './harness.ts';
import type { Reply } from './harness.ts';

let bench: Bench;
beforeAll(() => void (bench = new Bench()));
afterAll(() => bench.close());

const NAMES = ['ash', 'birch', 'Ölweide'];

/** Rows oldest last, as searches give them. */
function table(rows: number): string {
  const lines = ['_time,a,b,y,class,two'];
  for (let i = rows; i > 0; i--) {
    const a = (i * 7919) % 101;
    const b = ((i * 104729) % 997) / 100;
    const noise = ((i * 31) % 17) - 8;
    const kind = a + noise > 66 ? 2 : a + noise > 33 ? 1 : 0;
    lines.push(
      `${1700000000 + i},${a},${b},${3 * a - 2 * b + noise},${NAMES[kind]},${a + 2 * noise > 50 ? 'yes' : 'no'}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

async function evaluated(name: string, version = 1): Promise<{ manifest: Manifest; evaluation: Evaluation }> {
  const registry = new Registry(bench.settings.modelFolder);
  const { id } = await registry.resolve({ namespace: 'user', name }, ALICE);
  const manifest = await registry.manifest(id, version);
  return {
    manifest,
    evaluation: decodeEvaluation(await registry.file(id, version, 'evaluation.json')),
  };
}

function cells(reply: Reply, field: string): string[] {
  const [head, ...rows] = reply.csv.trimEnd().split('\n');
  const at = head.split(',').indexOf(field);
  return rows.map((row) => row.split(',')[at]);
}

const near = (values: Readonly<Record<string, number>>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, expect.closeTo(values[name], 9)]));

test('a regressor: its metrics, cells, bands and coefficients are of the rows that came back', async () => {
  const [reply] = await bench.fit(
    { algorithm: 'LinearRegression', targets: ['y'], fields: ['a', 'b'], into: into('line') },
    [table(3000)],
  );
  const { manifest, evaluation } = await evaluated('line');
  const report = calculateRegressionMetrics(
    cells(reply, 'y').map(Number),
    cells(reply, 'predicted(y)').map(Number),
  );
  expect(manifest.metrics).toEqual(
    near(report.values, ['r2', 'mse', 'rmse', 'mae', 'explained_variance', 'max_error']),
  );
  expect(manifest.measuredOn).toBe('training');
  expect(evaluation).toMatchObject({ measuredOn: 'training', rows: 3000 });
  expect(plotList(evaluation).rows.map(([name]) => name)).toEqual(['predicted', 'residuals', 'coefficients']);
  const coefficients = plotTable(evaluation, 'coefficients').rows;
  expect(coefficients.map(([output, feature]) => [output, feature])).toEqual([
    ['y', 'a'],
    ['y', 'b'],
    ['y', '_intercept'],
  ]);
  expect(Number(coefficients[0][2])).toBeCloseTo(3, 1);
  expect(evaluation.coefficients?.standardised).toBe(false);
});

test.each([
  ['LogisticRegression', ['confusion', 'roc', 'pr', 'calibration', 'coefficients']],
  ['RandomForestClassifier', ['confusion', 'roc', 'pr', 'calibration', 'importance']],
  ['GradientBoostingClassifier', ['confusion', 'roc', 'pr', 'calibration', 'importance']],
])('%s: metrics and curves are those of its probabilities', async (algorithm, plots) => {
  for (const target of ['two', 'class']) {
    const name = `${algorithm}_${target}`;
    const options: Record<string, string> = {
      probabilities: 't',
      ...(algorithm !== 'LogisticRegression' && { n_estimators: '12', max_depth: '3' }),
    };
    const [reply] = await bench.fit(
      { algorithm, targets: [target], fields: ['a', 'b'], options, into: into(name) },
      [table(2000)],
    );
    const { manifest, evaluation } = await evaluated(name);
    const actual = cells(reply, target);
    const probability = (label: string) => cells(reply, `probability(${target}=${label})`).map(Number);
    const report = calculateClassificationMetrics(actual, cells(reply, `predicted(${target})`), {
      probabilities: (target === 'two' ? ['no', 'yes'] : NAMES).map(probability),
    });
    expect(manifest.metrics).toEqual(near(report.values, Object.keys(manifest.metrics)));
    expect(Object.keys(manifest.metrics)).toEqual(expect.arrayContaining(['f1', 'roc_auc', 'log_loss']));
    expect(plotList(evaluation).rows.map(([plot]) => plot)).toEqual(plots);
    const curves = new Set(plotTable(evaluation, 'roc').rows.map(([label]) => label));
    expect([...curves]).toEqual(target === 'two' ? ['yes'] : NAMES);
    const rows = plotTable(evaluation, 'confusion').rows;
    expect(rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(2000);
    if (plots.includes('importance')) {
      const spread = plotTable(evaluation, 'importance').rows.map((row) => row[2]);
      expect(
        spread.every((one) => (algorithm === 'RandomForestClassifier' ? Number(one) > 0 : one === null)),
      ).toBe(true);
    }
  }
});

test('without probabilities among its columns a classifier has the same curves', async () => {
  const spec = { algorithm: 'LogisticRegression', targets: ['two'], fields: ['a', 'b'] };
  const [reply] = await bench.fit({ ...spec, into: into('plain') }, [table(2000)]);
  expect(reply.csv.split('\n')[0]).not.toContain('probability');
  const plain = await evaluated('plain');
  const open = await evaluated('LogisticRegression_two');
  expect(plain.evaluation).toEqual(open.evaluation);
  expect(plain.manifest.metrics).toEqual(open.manifest.metrics);
});

test('rows with a null are measured as little as they are trained on', async () => {
  const lines = table(1000).split('\n');
  const holes = lines.map((line, i) => (i > 0 && i % 10 === 0 ? line.replace(/^(\d+),\d+/, '$1,') : line));
  const [reply] = await bench.fit(
    {
      algorithm: 'RandomForestClassifier',
      targets: ['class'],
      fields: ['a', 'b'],
      into: into('holes'),
      options: { n_estimators: '5', probabilities: 't' },
    },
    [holes.join('\n')],
  );
  const { manifest, evaluation } = await evaluated('holes');
  const actual = cells(reply, 'class');
  const predicted = cells(reply, 'predicted(class)');
  const kept = actual.map((_, i) => i).filter((i) => predicted[i] !== '');
  expect(kept).toHaveLength(900);
  const report = calculateClassificationMetrics(
    kept.map((i) => actual[i]),
    kept.map((i) => predicted[i]),
    {
      probabilities: NAMES.map((label) => {
        const column = cells(reply, `probability(class=${label})`);
        return kept.map((i) => Number(column[i]));
      }),
    },
  );
  expect(evaluation.rows).toBe(900);
  expect(manifest.metrics).toEqual(near(report.values, Object.keys(manifest.metrics)));
});

test('clusters have an inertia and a silhouette', async () => {
  const [reply] = await bench.fit(
    { algorithm: 'KMeans', fields: ['a', 'b'], options: { k: '3' }, into: into('clusters') },
    [table(800)],
  );
  const { manifest, evaluation } = await evaluated('clusters');
  const distances = cells(reply, 'cluster_distance').map(Number);
  expect(manifest.metrics.inertia).toBeCloseTo(
    distances.reduce((sum, one) => sum + one, 0),
    3,
  );
  expect(manifest.metrics.silhouette).toBeGreaterThan(0.3);
  expect(plotList(evaluation).rows).toEqual([]);
});

test('groups have metrics, and say that they have no pictures', async () => {
  await bench.fit(
    { algorithm: 'LinearRegression', targets: ['y'], fields: ['a'], by: ['class'], into: into('grouped') },
    [table(500)],
  );
  const { manifest, evaluation } = await evaluated('grouped');
  expect(manifest.metrics.r2).toBeGreaterThan(0);
  expect(plotList(evaluation).messages?.[0].text).toBe(
    'A model of groups has metrics over all groups, and no pictures.',
  );
  expect(() => plotTable(evaluation, 'predicted')).toThrow(/it has none. A model of groups/);
});

test('many rows: curves of an even sample, metrics of classes of all', async () => {
  await bench.fit(
    { algorithm: 'LogisticRegression', targets: ['two'], fields: ['a', 'b'], into: into('many') },
    [table(70_000)],
  );
  const { manifest, evaluation } = await evaluated('many');
  expect(evaluation).toMatchObject({ rows: 70_000, sampledRows: 30_000 });
  const small = await evaluated('plain');
  expect(Math.abs(manifest.metrics.roc_auc - small.manifest.metrics.roc_auc)).toBeLessThan(0.01);
  expect(manifest.files['evaluation.json'].bytes).toBeLessThan(40_000);
}, 120_000);

describe('holdout', () => {
  const line = { algorithm: 'LinearRegression', targets: ['y'], fields: ['a', 'b'] };

  test('by time: the last share is measured on, the model is that of the rows before', async () => {
    const whole = table(1000);
    const [reply] = await bench.fit({ ...line, holdout: 0.2, holdoutBy: '_time', into: into('timed') }, [
      whole,
    ]);
    expect(reply.meta.metrics).toMatchObject({ rows: 1000, trained_rows: 800, heldout_rows: 200 });
    const { manifest, evaluation } = await evaluated('timed');
    expect(manifest.measuredOn).toBe('holdout');
    expect(manifest.lineage.trainedRows).toBe(800);
    expect(evaluation).toMatchObject({ measuredOn: 'holdout', rows: 200 });
    // Searches give the newest rows first.
    const actual = cells(reply, 'y').map(Number).slice(0, 200);
    const predicted = cells(reply, 'predicted(y)').map(Number);
    const report = calculateRegressionMetrics(actual, predicted.slice(0, 200));
    expect(manifest.metrics).toEqual(near(report.values, Object.keys(manifest.metrics)));
    expect(reply.meta.messages).toContainEqual({
      level: 'INFO',
      text: expect.stringMatching(/^Measured on 200 rows that were held out of training: r2 0\.\d+\.$/),
    });
    const lines = whole.split('\n');
    const before = [lines[0], ...lines.slice(201)].join('\n');
    await bench.fit({ ...line, into: into('before') }, [before]);
    const first = (await bench.apply('before', whole)).csv;
    const second = (await bench.apply('timed', whole)).csv;
    expect(second).toBe(first);
  });

  test('drawn: the same rows by the same seed, others by another; random_state is the seed where none is given', async () => {
    const whole = table(500);
    const fit = async (name: string, spec: object) => {
      await bench.fit({ ...line, holdout: 0.25, into: into(name), ...spec }, [whole]);
      return (await evaluated(name)).manifest;
    };
    const first = await fit('seed_a', { holdoutSeed: 7 });
    expect(first.lineage.trainedRows).toBe(375);
    expect((await fit('seed_b', { holdoutSeed: 7 })).metrics).toEqual(first.metrics);
    expect((await fit('seed_c', { holdoutSeed: 8 })).metrics).not.toEqual(first.metrics);
    const forest = { algorithm: 'RandomForestRegressor', options: { n_estimators: '2', random_state: '7' } };
    const state = await fit('seed_d', forest);
    expect((await fit('seed_e', { ...forest, holdoutSeed: 7 })).metrics).toEqual(state.metrics);
    expect((await fit('seed_f', { ...forest, holdoutSeed: 9 })).metrics).not.toEqual(state.metrics);
  });

  test('the share is rounded up, and a class that only held-out rows have counts as missed', async () => {
    const rows = [
      '_time,x,c',
      ...Array.from({ length: 10 }, (_, i) => `${i},${i % 3},${i === 9 ? 'late' : i % 2 ? 'odd' : 'even'}`),
    ];
    await bench.fit(
      {
        algorithm: 'LogisticRegression',
        targets: ['c'],
        fields: ['x'],
        holdout: 0.25,
        holdoutBy: '_time',
        into: into('late'),
      },
      [`${rows.join('\n')}\n`],
    );
    const { manifest, evaluation } = await evaluated('late');
    expect(evaluation.rows).toBe(3);
    expect(manifest.target?.classes).toEqual(['even', 'odd']);
    expect(evaluation.confusion?.classes).toEqual(['even', 'odd', 'late']);
    expect(manifest.metrics.accuracy).toBeLessThan(1);
  });

  test('without a model it is a measurement', async () => {
    const [reply] = await bench.fit({ ...line, holdout: 0.5 }, [table(100)]);
    expect(reply.meta.version).toBeUndefined();
    expect(reply.meta.messages.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Measured on 50 rows that were held out/),
    );
  });

  test('rows without the field are trained on, with a warning', async () => {
    const lines = table(100)
      .split('\n')
      .map((row, i) => (i > 0 && i <= 30 ? row.replace(/^\d+/, '') : row));
    const [reply] = await bench.fit({ ...line, holdout: 0.2, holdoutBy: '_time' }, [lines.join('\n')]);
    expect(reply.meta.metrics).toMatchObject({ trained_rows: 80, heldout_rows: 20 });
    expect(reply.meta.messages.map(({ text }) => text)).toContainEqual(
      '30 rows have no value in the field of holdout_by and were trained on.',
    );
  });

  test.each([
    [{ holdout: 0.2, kfoldCv: 3 }, /holdout does not go with kfold_cv/],
    [{ holdout: 0.2, by: ['class'] }, /holdout does not go with by/],
    [{ holdout: 0.2, partialFit: true, into: into('line') }, /holdout does not go with partial_fit/],
    [{ holdoutBy: '_time' }, /holdout_by needs holdout=/],
    [{ holdoutSeed: 1 }, /holdout_seed needs holdout=/],
    [{ holdout: 0.2, holdoutBy: '_tme' }, /no such field. Did you mean "_time"\?/],
    [{ holdout: 0.2, holdoutBy: 'class' }, /must be a field of numbers, such as _time/],
    [{ holdout: 0.999 }, /of 100 rows without nulls leaves none to train on/],
  ])('what does not go: %j', async (spec, message) => {
    await expect(bench.fit({ ...line, ...spec }, [table(100)])).rejects.toThrow(message);
  });

  test('a transformer predicts nothing that could be measured', async () => {
    await expect(
      bench.fit({ algorithm: 'StandardScaler', fields: ['a'], holdout: 0.2 }, [table(10)]),
    ).rejects.toThrow(/StandardScaler makes none/);
  });
});
