import type { OutputColumn, Target } from '../contract/template.ts';
import { countClasses } from '../helpers/metrics/class-counts.ts';
import { classMetrics } from '../helpers/metrics/class-metrics.ts';
import { regressionMetrics } from '../helpers/metrics/regression.ts';

/** How well the first output says what the target says. `places`: the output's rows that are the target's; absent: all. */
export function trainingMetrics(
  target: Target | undefined,
  outputs: readonly OutputColumn[],
  places: Uint32Array | undefined,
): Record<string, number> {
  const [output] = outputs;
  if (target?.kind === 'number' && output?.kind === 'number') {
    const { values } = output;
    const predicted = places ? Float64Array.from(places, (row) => values[row]) : values;
    return { ...regressionMetrics(target.values, predicted) };
  }
  if (target?.kind === 'classes' && output?.kind === 'label') {
    const place = new Map(target.classes.map((label, code) => [label, code]));
    const recode = output.labels.map((label) => place.get(label) ?? 0);
    const { codes } = output;
    const predicted = Int32Array.from(target.codes, (_, n) => recode[codes[places ? places[n] : n]] ?? 0);
    return classMetrics(countClasses(target.codes, predicted, target.classes.length));
  }
  return {};
}
