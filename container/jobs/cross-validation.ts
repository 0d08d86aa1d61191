import { KeplerError } from '../contract/errors.ts';
import type { ResultTable } from '../contract/requests.ts';
import type {
  ClassTarget,
  NumericTable,
  Params,
  Target,
  Template,
  TemplateContext,
} from '../contract/template.ts';
import { rowsOf, sameClasses, targetOf } from './row-subsets.ts';
import { trainingMetrics } from './training-metrics.ts';

/**
 * k-fold cross-validation as scikit-learn's `cross_validate` does it: KFold for numbers, StratifiedKFold for classes,
 * without shuffling; a row of scores per fold.
 */
export async function crossValidate(
  template: Template,
  params: Params,
  features: NumericTable,
  target: Target,
  folds: number,
  context: TemplateContext,
): Promise<ResultTable> {
  if (features.rows < folds) {
    throw new KeplerError(
      'invalid_arguments',
      `kfold_cv=${folds} needs at least ${folds} rows without nulls, but there are ${features.rows}.`,
    );
  }
  const assigned =
    target.kind === 'classes' ? stratifiedFolds(target, folds) : plainFolds(features.rows, folds);
  const fields =
    target.kind === 'classes'
      ? ['f1_weighted', 'accuracy', 'precision_weighted', 'recall_weighted']
      : ['r2', 'neg_mean_squared_error'];
  const rows: string[][] = [];
  for (let fold = 0; fold < folds; fold++) {
    context.signal.throwIfAborted();
    const train = placesOf(assigned, (f) => f !== fold);
    const test = placesOf(assigned, (f) => f === fold);
    const input = { features: rowsOf(features, train), target: targetOf(target, train) };
    const shape = {
      rows: train.length,
      features: features.columns.length,
      ...(input.target.kind === 'classes' && { classes: input.target.classes.length }),
    };
    const state = await template.fit(template.init(params, shape), input, context);
    const outputs = template.apply(state, rowsOf(features, test), params);
    const metrics = trainingMetrics(sameClasses(target, test), outputs, undefined);
    const values: Record<string, number> = { ...metrics, neg_mean_squared_error: -metrics.mse };
    rows.push(fields.map((name) => String(values[name])));
    context.progress((fold + 1) / folds, `fold ${fold + 1} of ${folds}`);
  }
  return { fields, rows };
}

function placesOf(assigned: Int32Array, of: (fold: number) => boolean): Uint32Array {
  const places: number[] = [];
  assigned.forEach((fold, row) => of(fold) && places.push(row));
  return Uint32Array.from(places);
}

/** Runs of rows, the first ones longer by one where the rows do not divide. */
function plainFolds(rows: number, folds: number): Int32Array {
  const assigned = new Int32Array(rows);
  const size = Math.floor(rows / folds);
  const longer = rows % folds;
  for (let fold = 0, row = 0; fold < folds; fold++) {
    const end = row + size + (fold < longer ? 1 : 0);
    assigned.fill(fold, row, end);
    row = end;
  }
  return assigned;
}

/** scikit-learn's StratifiedKFold: each fold gets of each class as many rows as every k-th of the sorted classes holds. */
function stratifiedFolds(target: ClassTarget, folds: number): Int32Array {
  const { codes } = target;
  const order = new Map<number, number>();
  for (const code of codes) if (!order.has(code)) order.set(code, order.size);
  const encoded = codes.map((code) => order.get(code) as number);
  const sorted = encoded.slice().sort();
  const allocation = Array.from({ length: folds }, () => new Int32Array(order.size));
  sorted.forEach((code, i) => allocation[i % folds][code]++);
  const counts = new Int32Array(order.size);
  sorted.forEach((code) => counts[code]++);
  if (counts.every((count) => count < folds)) {
    throw new KeplerError(
      'invalid_arguments',
      `kfold_cv=${folds} is more than any class of "${target.name}" has rows. Use fewer folds.`,
    );
  }
  const next = Array.from({ length: order.size }, (_, code) =>
    allocation.flatMap((fold, f) => new Array<number>(fold[code]).fill(f)),
  );
  const used = new Int32Array(order.size);
  return encoded.map((code) => next[code][used[code]++]);
}
