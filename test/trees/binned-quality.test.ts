import { readFileSync } from 'node:fs';
import type { FitInput } from '../../container/contract/template.ts';
import { apply, classesOf, codesOf, contextWith, fit, numberOf, numbersOf, tableOf } from './fitting.ts';
import { heldOut, wideData } from './wide-data.ts';

interface Case {
  readonly target: string;
  /** 0 for numbers. */
  readonly classes: number;
  /** Rows and scores, one a fold. */
  readonly train: readonly number[];
  readonly scores: readonly number[];
}
const { rows, cases } = JSON.parse(readFileSync('test/goldens/trees/binned-quality.json', 'utf8')) as {
  rows: number;
  cases: Case[];
};
const options = { n_estimators: 100, max_leaf_nodes: 31, min_samples_leaf: 20, random_state: 1 };

const { columns, score } = wideData(30, rows);
const places = Array.from({ length: rows }, (_, row) => row);
const [held, kept] = [places.filter(heldOut), places.filter((row) => !heldOut(row))];
const featuresOf = (chosen: readonly number[]) =>
  tableOf(columns.map((column) => Float64Array.from(chosen, (row) => column[row])));

/** As the script's `cut`. */
function codes(classes: number, chosen: readonly number[]): Int32Array {
  const sorted = Float64Array.from(kept, (row) => score[row]).sort();
  const edges = Array.from(
    { length: classes - 1 },
    (_, k) => sorted[Math.floor((kept.length * (k + 1)) / classes)],
  );
  return Int32Array.from(chosen, (row) => edges.filter((edge) => score[row] > edge).length);
}

async function scoreOf({ classes, train }: Case, fold: number): Promise<number> {
  const chosen = kept.filter((_, n) => n % 10 !== fold);
  expect(chosen).toHaveLength(train[fold]);
  const features = featuresOf(chosen);
  const name = classes > 0 ? 'GradientBoostingClassifier' : 'GradientBoostingRegressor';
  const input: FitInput =
    classes > 0
      ? classesOf(features, codes(classes, chosen))
      : numberOf(
          features,
          Float64Array.from(chosen, (row) => score[row]),
        );
  const [predicted] = apply(
    name,
    await fit(name, options, input, contextWith({ threads: 2 })),
    featuresOf(held),
  );
  if (classes > 0) {
    const truth = codes(classes, held);
    return codesOf(predicted).filter((code, i) => code === truth[i]).length / held.length;
  }
  const values = numbersOf(predicted);
  const mean = held.reduce((sum, row) => sum + score[row], 0) / held.length;
  const left = held.reduce((sum, row, i) => sum + (score[row] - values[i]) ** 2, 0);
  return 1 - left / held.reduce((sum, row) => sum + (score[row] - mean) ** 2, 0);
}

/** A fold's rows decide how the next digit falls; on the average over folds nothing may be lost. */
describe('with more than 50,000 rows, held-out scores are those of HistGradientBoosting', () => {
  test.each(cases)('$target: $scores', async (one) => {
    let lost = 0;
    for (const [fold, expected] of one.scores.entries()) {
      const found = await scoreOf(one, fold);
      expect(Math.abs(found - expected)).toBeLessThan(0.005);
      lost += (expected - found) / one.scores.length;
    }
    expect(lost).toBeLessThan(0.002);
  });
});

test('the model does not depend on how many threads made it', async () => {
  const input = classesOf(featuresOf(kept), codes(2, kept));
  const made = (threads: number) =>
    fit('GradientBoostingClassifier', { ...options, n_estimators: 12 }, input, contextWith({ threads }));
  const alone = await made(1);
  expect(await made(2)).toEqual(alone);
  expect(await made(3)).toEqual(alone);
});
