import { existsSync } from 'node:fs';
import type { FitInput, State, TreeEnsemble } from '../../container/contract/template.ts';
import { scoreEnsemble } from '../../container/estimators/trees/ensemble.ts';
import {
  apply,
  classesOf,
  codesOf,
  contextWith,
  fit,
  numberOf,
  numbersOf,
  tableOf,
  template,
} from './fitting.ts';
import { wideData } from './wide-data.ts';

const { columns, score } = wideData(12, 600);
const features = tableOf(columns);
const middle = score.slice().sort()[300];
const twoClasses = classesOf(
  features,
  Int32Array.from(score, (value) => (value > middle ? 1 : 0)),
);
const numbers = numberOf(features, score);
const threadProgram = 'dist/runtime/training-thread.mjs';

function ensembleOf(state: State): TreeEnsemble {
  return state.ensemble as TreeEnsemble;
}

/** Feature of each tree's first question. */
function rootFeatures(state: State): number[] {
  const { roots, feature } = ensembleOf(state);
  return Array.from(roots, (root) => feature[root]);
}

describe('options', () => {
  test('max_features limits the features tried at a split', async () => {
    const all = await fit('RandomForestRegressor', { max_depth: 1, n_estimators: 40 }, numbers);
    const one = await fit(
      'RandomForestRegressor',
      { max_depth: 1, n_estimators: 40, max_features: 1 },
      numbers,
    );
    expect(new Set(rootFeatures(all)).size).toBeLessThan(4);
    expect(new Set(rootFeatures(one)).size).toBeGreaterThan(8);
    const share = await fit(
      'RandomForestRegressor',
      { max_depth: 1, n_estimators: 40, max_features: '1.0' },
      numbers,
    );
    expect(rootFeatures(share)).toEqual(rootFeatures(all));
  });

  test('a forest stops at 2,000 leaves only without max_depth', async () => {
    const { columns: many, score: target } = wideData(10, 6000);
    const input = numberOf(tableOf(many), target);
    const leaves = (state: State): number => ensembleOf(state).values.length;
    const free = await fit('DecisionTreeRegressor', {}, input);
    const deep = await fit('DecisionTreeRegressor', { max_depth: 60 }, input);
    const few = await fit('DecisionTreeRegressor', { max_leaf_nodes: 17, max_depth: 60 }, input);
    expect([leaves(free), leaves(deep), leaves(few)]).toEqual([2000, 6000, 17]);
  });

  test('min_samples_leaf counts rows, not how often a row was drawn', async () => {
    const state = await fit('RandomForestClassifier', { min_samples_leaf: 40, n_estimators: 5 }, twoClasses);
    // 600 draws leave about 380 rows: leaves of 40 rows are 9 at most.
    expect(ensembleOf(state).values.length / 2 / 5).toBeLessThanOrEqual(10);
  });

  test('class weights move predictions to the weightier class', async () => {
    const rare = classesOf(
      features,
      Int32Array.from(score, (value, i) => (value > middle + 1.2 && i % 2 === 0 ? 1 : 0)),
    );
    for (const name of ['RandomForestClassifier', 'GradientBoostingClassifier', 'DecisionTreeClassifier']) {
      const positives = async (weight: string): Promise<number> => {
        const state = await fit(name, { class_weight: weight, max_depth: 2, random_state: 3 }, rare);
        return codesOf(apply(name, state, features)[0]).filter((code) => code === 1).length;
      };
      const [none, balanced, heavy] = [
        await positives('none'),
        await positives('balanced'),
        await positives('0:1,1:50'),
      ];
      expect(balanced).toBeGreaterThan(none);
      expect(heavy).toBeGreaterThanOrEqual(balanced);
    }
    const eachTree = await fit('RandomForestClassifier', { class_weight: 'balanced_subsample' }, rare);
    expect(ensembleOf(eachTree).roots).toHaveLength(100);
  });

  test.each([
    ['RandomForestClassifier', { max_features: 'half' }, 'max_features'],
    ['RandomForestClassifier', { max_features: '0' }, 'max_features'],
    ['DecisionTreeRegressor', { min_samples_split: 1.5 }, 'min_samples_split'],
    ['DecisionTreeClassifier', { splitter: 'worst' }, 'splitter'],
    ['RandomForestRegressor', { n_estimators: 0 }, 'n_estimators'],
    ['GradientBoostingRegressor', { loss: 'log_loss' }, 'loss'],
    ['GradientBoostingClassifier', { subsample: 1.5 }, 'subsample'],
    ['RandomForestClassifier', { class_weight: 'maybe:2' }, 'class_weight'],
  ])('%s refuses %j and names the option', async (name, options, option) => {
    const input = name.endsWith('Classifier') ? twoClasses : numbers;
    await expect(fit(name, options, input)).rejects.toMatchObject({
      code: 'invalid_arguments',
      message: expect.stringContaining(`"${option}"`),
    });
  });

  test('exponential loss is for two classes', async () => {
    const three = classesOf(
      features,
      Int32Array.from(score, (_, i) => i % 3),
    );
    await expect(fit('GradientBoostingClassifier', { loss: 'exponential' }, three)).rejects.toThrow(
      'two classes',
    );
  });

  test('boosting by leaves says that max_depth is ignored', async () => {
    const warnings: string[] = [];
    const context = contextWith({ warn: (text) => warnings.push(text) });
    const both = await fit(
      'GradientBoostingRegressor',
      { max_depth: 1, max_leaf_nodes: 9 },
      numbers,
      context,
    );
    expect(warnings).toEqual([expect.stringContaining('"max_depth" is ignored')]);
    expect(Math.max(...ensembleOf(both).depths)).toBeGreaterThan(1);
  });

  test('deviance is log_loss by its old name', async () => {
    const [old, now] = [
      await fit('GradientBoostingClassifier', { loss: 'deviance' }, twoClasses),
      await fit('GradientBoostingClassifier', { loss: 'log_loss' }, twoClasses),
    ];
    expect(old).toEqual(now);
  });
});

describe('results', () => {
  test('the same seed gives the same model, another seed another one', async () => {
    const [a, b, c] = [
      await fit('RandomForestClassifier', { n_estimators: 5, random_state: 4 }, twoClasses),
      await fit('RandomForestClassifier', { n_estimators: 5, random_state: 4 }, twoClasses),
      await fit('RandomForestClassifier', { n_estimators: 5, random_state: 5 }, twoClasses),
    ];
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test('a value on a threshold goes left, as float32', async () => {
    const x = Float64Array.of(0.1, 0.1, 0.3, 0.3);
    const input = numberOf(tableOf([x]), Float64Array.of(1, 1, 2, 2));
    const state = await fit('DecisionTreeRegressor', {}, input);
    const threshold = ensembleOf(state).threshold[0];
    expect(threshold).toBeGreaterThanOrEqual(Math.fround(0.1));
    expect(threshold).toBeLessThan(Math.fround(0.3));
    const at = apply('DecisionTreeRegressor', state, tableOf([Float64Array.of(threshold, threshold + 1e-3)]));
    expect([...numbersOf(at[0])]).toEqual([1, 2]);
  });

  test('neighbours in float32 are told apart', async () => {
    const low = Math.fround(0.1);
    const high = new Float32Array(
      new Uint32Array([new Uint32Array(Float32Array.of(low).buffer)[0] + 1]).buffer,
    )[0];
    const table = tableOf([Float64Array.of(low, high, low, high)]);
    const state = await fit('DecisionTreeClassifier', {}, classesOf(table, Int32Array.of(0, 1, 0, 1)));
    expect([...codesOf(apply('DecisionTreeClassifier', state, table)[0])]).toEqual([0, 1, 0, 1]);
  });

  test('scores by the plan and decode give what apply gives', async () => {
    const inputs: [string, FitInput, object][] = [
      ['RandomForestClassifier', twoClasses, { probabilities: true }],
      ['GradientBoostingClassifier', twoClasses, { probabilities: true }],
      ['GradientBoostingRegressor', numbers, {}],
    ];
    for (const [name, input, options] of inputs) {
      const estimator = template(name);
      const state = await fit(name, { n_estimators: 8 }, input);
      const plan = estimator.plan?.(state) as TreeEnsemble;
      const decoded = estimator.decode?.(
        state,
        scoreEnsemble(plan, features),
        features.rows,
        options as never,
      );
      expect(decoded).toEqual(apply(name, state, features, options));
    }
  });

  test('importances add up to 1 and name the features that matter', async () => {
    for (const name of ['RandomForestRegressor', 'GradientBoostingRegressor']) {
      const state = await fit(name, { n_estimators: 30 }, numbers);
      const { fields, rows } = template(name).summary(state, {});
      expect(fields).toEqual(['feature', 'importance']);
      const shares = rows.map(([, share]) => Number(share));
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(shares.indexOf(Math.max(...shares))).toBe(4);
      expect(shares[10] + shares[11]).toBeLessThan(0.1);
    }
  });

  test('a row is right about itself in an unlimited tree', async () => {
    const state = await fit('DecisionTreeRegressor', { max_leaf_nodes: 100000 }, numbers);
    expect([...numbersOf(apply('DecisionTreeRegressor', state, features)[0])]).toEqual([...score]);
  });

  test('targets far from zero lose no precision', async () => {
    const far = numberOf(
      features,
      score.map((value) => 1e9 + value),
    );
    const near = await fit('DecisionTreeRegressor', { max_depth: 4 }, numbers);
    const state = await fit('DecisionTreeRegressor', { max_depth: 4 }, far);
    expect(ensembleOf(state).feature).toEqual(ensembleOf(near).feature);
  });

  test('constant features leave one leaf', async () => {
    const flat = tableOf([new Float64Array(20).fill(3)]);
    const input = numberOf(
      flat,
      Float64Array.from({ length: 20 }, (_, i) => i),
    );
    for (const name of ['DecisionTreeRegressor', 'RandomForestRegressor', 'GradientBoostingRegressor']) {
      const state = await fit(name, {}, input);
      const [predicted] = apply(name, state, flat);
      expect(numbersOf(predicted).every((value) => Math.abs(value - 9.5) < 3)).toBe(true);
    }
  });
});

describe('summary of a decision tree', () => {
  test('one column, a line a node, limited in depth', async () => {
    const state = await fit('DecisionTreeClassifier', { max_depth: 6 }, twoClasses);
    const estimator = template('DecisionTreeClassifier');
    const two = estimator.summary(state, { limit: 2 });
    expect(two.fields).toEqual(['Decision Tree Summary']);
    expect(two.rows).toHaveLength(7);
    expect(two.rows[0][0]).toBe('count: 600, class: 0, share: 0.5');
    expect(estimator.summary(state, {}).rows.length).toBeGreaterThan(20);
  });

  test('as JSON', async () => {
    const state = await fit('DecisionTreeRegressor', { max_depth: 3 }, numbers);
    const { rows } = template('DecisionTreeRegressor').summary(state, { json: true, limit: 1 });
    const root = JSON.parse(String(rows[0][0])) as Record<string, unknown>;
    expect(root).toMatchObject({ samples: 600, feature: 'f4', left: {}, right: {} });
    expect(root.left).not.toHaveProperty('feature');
  });
});

describe('boosting hands over the scores of the rows it was fitted on, which are those that its trees give', () => {
  const three = classesOf(
    features,
    Int32Array.from(score, (value) => (value > middle ? 2 : value > middle - 1 ? 1 : 0)),
  );
  test.each([
    ['GradientBoostingClassifier', {}, twoClasses],
    ['GradientBoostingClassifier', { class_weight: '1:0,0:1' }, twoClasses],
    ['GradientBoostingClassifier', { max_leaf_nodes: 9, class_weight: 'balanced' }, three],
    ['GradientBoostingClassifier', { loss: 'exponential', ccp_alpha: 0.01 }, twoClasses],
    ['GradientBoostingRegressor', { loss: 'huber', subsample: 0.5 }, numbers],
  ] as [string, object, FitInput][])('%s %j', async (name, options, input) => {
    let known: readonly Float64Array[] = [];
    const context = contextWith({ scored: (scores) => void (known = scores) });
    const state = await fit(name, { n_estimators: 7, ...options }, input, context);
    expect(known).toEqual(scoreEnsemble(ensembleOf(state), features));
  });
});

describe('big data', () => {
  const rows = 60_000;
  const big = Array.from({ length: 8 }, (_, f) =>
    Float64Array.from({ length: rows }, (_, i) => ((i * (f * 2 + 7919)) % 65537) / 65537),
  );
  const table = tableOf(big);
  const target = Float64Array.from(
    { length: rows },
    (_, i) => big[0][i] + 2 * big[1][i] * big[2][i] + (i % 97) / 300,
  );
  const classed = classesOf(
    table,
    Int32Array.from(target, (value) => (value > 1 ? 1 : 0)),
  );
  const numeric = numberOf(table, target);
  const needsBuild = existsSync(threadProgram) ? test : test.skip;

  needsBuild.each([
    ['RandomForestClassifier', { n_estimators: 12, max_depth: 9 }, classed],
    ['RandomForestRegressor', { n_estimators: 6, max_depth: 9 }, numeric],
    ['GradientBoostingClassifier', { n_estimators: 8, max_leaf_nodes: 15 }, classed],
    ['GradientBoostingRegressor', { n_estimators: 8, max_leaf_nodes: 15, min_samples_leaf: 20 }, numeric],
  ] as [string, object, FitInput][])(
    '%s is the same with one thread and three',
    async (name, options, input) => {
      const one = await fit(name, options as Record<string, unknown>, input, contextWith({ threads: 1 }));
      let known: readonly Float64Array[] | undefined;
      const context = contextWith({ threads: 3, scored: (scores) => void (known = scores) });
      const three = await fit(name, options as Record<string, unknown>, input, context);
      expect(ensembleOf(three)).toEqual(ensembleOf(one));
      if (name.startsWith('GradientBoosting')) expect(known).toEqual(scoreEnsemble(ensembleOf(three), table));
    },
  );

  needsBuild('a cancelled fit ends soon, wherever it is, and leaves nothing to the next', async () => {
    const abort = new AbortController();
    const reason = new Error('The search was cancelled.');
    const fitting = fit(
      'RandomForestClassifier',
      { n_estimators: 5000 },
      classed,
      contextWith({ signal: abort.signal, threads: 2, progress: () => abort.abort(reason) }),
    );
    await expect(fitting).rejects.toBe(reason);
    const options = { n_estimators: 8, max_leaf_nodes: 15 };
    const [next, alone] = [contextWith({ threads: 2 }), contextWith({ threads: 1 })];
    expect(ensembleOf(await fit('GradientBoostingClassifier', options, classed, next))).toEqual(
      ensembleOf(await fit('GradientBoostingClassifier', options, classed, alone)),
    );
  });

  test('a cancelled small fit ends too', async () => {
    const abort = new AbortController();
    const reason = new Error('The search was cancelled.');
    const context = contextWith({ signal: abort.signal, progress: () => abort.abort(reason) });
    await expect(fit('GradientBoostingRegressor', {}, numbers, context)).rejects.toBe(reason);
  });
});
