import type { FitInput, Params } from '../../container/contract/template.ts';
import { KeplerError } from '../../container/contract/errors.ts';
import { findTemplate } from '../../container/estimators/catalogue.ts';
import { parseParams } from '../../container/estimators/options.ts';
import { classes, context, numbers, randomTable, table } from './data.ts';

function init(name: string, options: Record<string, string>, shape = { rows: 100, features: 3 }): Params {
  const template = findTemplate(name);
  return template.init(parseParams(template.params, options, name), shape);
}

async function messageOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(KeplerError);
    return `${(error as KeplerError).code}: ${(error as Error).message}`;
  }
  throw new Error('nothing was wrong');
}

test('PCA takes k or variance, within what there is', async () => {
  expect(await messageOf(() => init('PCA', { k: '2', variance: '0.5' }))).toMatch(
    /^invalid_arguments: PCA: .*not both/,
  );
  expect(await messageOf(() => init('PCA', { k: '4' }))).toContain('at most 3 components');
  expect(await messageOf(() => init('PCA', { variance: '1.1' }))).toContain('above 0 and at most 1');
  expect(await messageOf(() => init('PCA', { k: '0' }))).toContain('"k"');
});

test('KMeans needs as many rows as clusters, and says where fewer than k clusters are possible', async () => {
  expect(await messageOf(() => init('KMeans', {}, { rows: 5, features: 2 }))).toContain('only 5 rows');
  const features = table(['a'], [Float64Array.of(1, 1, 1, 2, 2, 2)]);
  const notes = context();
  await findTemplate('KMeans').fit(init('KMeans', { k: '3' }), { features }, notes);
  expect(notes.warnings.join()).toContain('only 2 of 3 clusters');
});

test('Ridge accepts normalize and warns; alpha 0 is LinearRegression', async () => {
  const features = randomTable(1, 50, 3);
  const input = numbers(features, features.columns[0]);
  const notes = context();
  const ridge = await findTemplate('Ridge').fit(init('Ridge', { normalize: 't', alpha: '0' }), input, notes);
  expect(notes.warnings.join()).toContain('"normalize"');
  const linear = await findTemplate('LinearRegression').fit(init('LinearRegression', {}), input, context());
  expect(ridge.coefficients).toEqual(linear.coefficients);
});

test('class_weight names what is wrong with it', async () => {
  const features = randomTable(1, 4, 1);
  const input = classes(features, ['a:1', 'b', 'a:1', 'b']);
  const template = findTemplate('LogisticRegression');
  const fit = (text: string) =>
    template.fit(init('LogisticRegression', { class_weight: text }), input, context());
  const message = await messageOf(() => fit('c:2,b,b:-1'));
  expect(message).toContain('has no class "c" (it has a:1, b)');
  expect(message).toContain('"b" is not a pair');
  expect(message).toContain('"b:-1" is not a pair');
  expect(await messageOf(() => fit('a:1:0,b:0'))).toContain('all weights are 0');
  expect(await fit('a:1:3,b:1')).toHaveProperty('classes', ['a:1', 'b']);
});

test('probabilities: asked for at fit or at apply, and apply wins', async () => {
  const features = randomTable(1, 40, 2);
  const input = classes(
    features,
    Array.from(features.columns[0], (x) => (x > 0.5 ? 'yes' : 'no')),
  );
  const template = findTemplate('LogisticRegression');
  const names = async (fitOptions: Record<string, string>, applyOptions: Params) => {
    const state = await template.fit(init('LogisticRegression', fitOptions), input, context());
    return template.apply(state, features, applyOptions).map((column) => column.name);
  };
  const all = ['predicted(y)', 'probability(y=no)', 'probability(y=yes)'];
  expect(await names({}, {})).toEqual(['predicted(y)']);
  expect(await names({ probabilities: 't' }, {})).toEqual(all);
  expect(await names({}, { probabilities: true })).toEqual(all);
  expect(await names({ probabilities: 't' }, { probabilities: false })).toEqual(['predicted(y)']);
});

test('StandardScaler in two parts knows what it knows in one', async () => {
  const whole = randomTable(5, 100, 3);
  const part = (from: number, to: number): FitInput => ({
    features: table(
      whole.names,
      whole.columns.map((column) => column.slice(from, to).map((x) => 1e6 + x)),
    ),
  });
  const template = findTemplate('StandardScaler');
  const params = init('StandardScaler', {});
  const once = template.summary(await template.fit(params, part(0, 100), context()), {});
  const first = await template.fit(params, part(0, 30), context());
  const twice = template.summary(await template.partialFit!(first, params, part(30, 100), context()), {});
  expect(twice.fields).toEqual(['fields', 'mean', 'var', 'scale']);
  once.rows.forEach((row, f) => {
    expect(twice.rows[f][0]).toBe(row[0]);
    for (const c of [1, 2, 3]) expect(twice.rows[f][c]).toBeCloseTo(row[c] as number, 7);
  });
  const other = { features: randomTable(6, 10, 2) };
  expect(await messageOf(() => template.partialFit!(first, params, other, context()))).toContain(
    'goes on with the fields',
  );
});

test('LogisticRegression finds the optimum through conjugate gradients as through the matrix', async () => {
  // 5 classes of 90 features: 455 parameters, more than are solved for directly. The gradient vanishes at the optimum.
  const features = randomTable(8, 300, 90);
  const labels = Array.from(features.columns[0], (x, i) =>
    String(Math.floor((x + features.columns[1][i]) * 2.499)),
  );
  const input = classes(features, labels);
  const template = findTemplate('LogisticRegression');
  const notes = context();
  const state = await template.fit(init('LogisticRegression', { class_weight: 'none' }), input, notes);
  expect(notes.warnings).toEqual([]);
  const count = (state.classes as string[]).length;
  expect(count * 91).toBeGreaterThan(400);
  const columns = template.apply(state, features, { probabilities: true }).slice(1);
  const coefficients = state.coefficients as Float64Array;
  for (let k = 0; k < count; k++) {
    const column = columns[k];
    if (column.kind !== 'number') throw new Error('not a probability');
    const errors = column.values.map((p, i) => p - (labels[i] === (state.classes as string[])[k] ? 1 : 0));
    expect(Math.abs(errors.reduce((sum, e) => sum + e, 0))).toBeLessThan(1e-7);
    features.columns.forEach((x, f) => {
      const slope = x.reduce((sum, value, i) => sum + value * errors[i], coefficients[k * 90 + f]);
      expect(Math.abs(slope)).toBeLessThan(1e-7);
    });
  }
});
