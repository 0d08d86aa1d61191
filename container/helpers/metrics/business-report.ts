import { KeplerError } from '../../contract/errors.ts';
import { checkLengths } from './check-input.ts';
import { contingency } from './contingency.ts';
import { codeValues, labelText } from './labels.ts';
import type { Label } from './labels.ts';
import { report } from './report.ts';
import type { MetricsReport } from './report.ts';
import { sumOf } from './sums.ts';

/** What one row costs, by actual and then predicted class; negative is a gain. What is not named costs nothing. */
export type CostMatrix = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface BusinessRow<Value> {
  readonly actual: Value;
  readonly predicted: Value;
  readonly row: number;
}

export interface BusinessOptions<Value> {
  readonly costs?: CostMatrix;
  /** What would be predicted of every row without the model; where not given, the class that then costs least. */
  readonly baseline?: Label;
  /** A measure of the template's own: an amount a row, or several by name, such as `{ tickets_avoided: 1 }`. */
  readonly measure?: (row: BusinessRow<Value>) => number | Readonly<Record<string, number>>;
}

/**
 * What predictions are worth. With `costs`: `cost_total`, `cost_per_row`, `cost_baseline` (the same without the model) and
 * `money_saved`, the difference. With `measure`: the sum of each amount over the rows, `value` where it bears no name.
 *
 * @throws KeplerError invalid_arguments for neither, or a cost or measure that is no number
 */
export function calculateBusinessMetrics<Value extends Label>(
  actual: ArrayLike<Value>,
  predicted: ArrayLike<Value>,
  options: BusinessOptions<Value>,
): MetricsReport {
  checkLengths(actual, predicted, 'Business metrics');
  if (!options.costs && !options.measure) {
    throw new KeplerError(
      'invalid_arguments',
      'Business metrics need costs (what each kind of miss costs) or measure (a function of a row).',
    );
  }
  const values = {
    ...(options.costs && ofCosts(actual, predicted, options.costs, options.baseline)),
    ...(options.measure && ofMeasure(actual, predicted, options.measure)),
  };
  return report('business', actual.length, values, []);
}

function ofCosts(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  costs: CostMatrix,
  baseline: Label | undefined,
): Record<string, number> {
  const named = [...new Set([...Object.keys(costs), ...Object.values(costs).flatMap(Object.keys)])];
  const { classes, codes } = codeValues(
    [actual, predicted],
    [...named, ...(baseline === undefined ? [] : [baseline])],
  );
  const price = (a: number, p: number): number => {
    const row = Object.hasOwn(costs, classes[a]) ? costs[classes[a]] : {};
    const cost = Object.hasOwn(row, classes[p]) ? row[classes[p]] : 0;
    if (Number.isFinite(cost)) return cost;
    throw new KeplerError(
      'invalid_arguments',
      `The cost of predicting "${classes[p]}" for "${classes[a]}" is ${cost}, no number.`,
    );
  };
  const table = contingency(codes[0], codes[1], classes.length, classes.length);
  const { rows, cells } = table;
  const total = sumOf(cells.length, (i) => cells[i].rows * price(cells[i].a, cells[i].b));
  const always = (label: number): number =>
    sumOf(classes.length, (a) => (table.classes[a] === 0 ? 0 : table.classes[a] * price(a, label)));
  const without =
    baseline === undefined
      ? classes.map((_, k) => always(k)).reduce((least, cost) => Math.min(least, cost))
      : always(classes.indexOf(labelText(baseline)));
  return {
    money_saved: without - total,
    cost_total: total,
    cost_per_row: total / rows,
    cost_baseline: without,
  };
}

function ofMeasure<Value extends Label>(
  actual: ArrayLike<Value>,
  predicted: ArrayLike<Value>,
  measure: NonNullable<BusinessOptions<Value>['measure']>,
): Record<string, number> {
  const amounts = new Map<string, number[]>();
  for (let row = 0; row < actual.length; row++) {
    const measured = measure({ actual: actual[row], predicted: predicted[row], row });
    for (const [name, amount] of Object.entries(
      typeof measured === 'number' ? { value: measured } : measured,
    )) {
      if (!Number.isFinite(amount)) {
        throw new KeplerError(
          'invalid_arguments',
          `The business measure gave ${String(amount)} as "${name}" of row ${row + 1}; it must give a number.`,
        );
      }
      const list = amounts.get(name);
      if (list) list.push(amount);
      else amounts.set(name, [amount]);
    }
  }
  return Object.fromEntries([...amounts].map(([name, list]) => [name, sumOf(list.length, (i) => list[i])]));
}
