import type { ClassTarget, OutputColumn, Target } from '../contract/template.ts';
import { countClasses } from '../helpers/metrics/class-counts.ts';
import { classMetrics } from '../helpers/metrics/class-metrics.ts';
import { gather } from '../helpers/metrics/gather.ts';
import { regressionMetrics } from '../helpers/metrics/regression.ts';

/** How well the first output says what the target says. `places`: the output's rows that are the target's; absent: all. */
export function trainingMetrics(
  target: Target | undefined,
  outputs: readonly OutputColumn[],
  places: Uint32Array | undefined,
): Record<string, number> {
  const [output] = outputs;
  if (target?.kind === 'number' && output?.kind === 'number') {
    const predicted = places ? gather(output.values, places) : output.values;
    return { ...regressionMetrics(target.values, predicted) };
  }
  if (target?.kind === 'classes' && output?.kind === 'label') {
    return classMetrics(
      countClasses(target.codes, predictedCodes(target, output, places), target.classes.length),
    );
  }
  return {};
}

/** What a label column says of the target's rows, as codes of the target's classes. */
export function predictedCodes(
  target: ClassTarget,
  { codes, labels }: Extract<OutputColumn, { kind: 'label' }>,
  places: Uint32Array | undefined,
): Int32Array {
  const place = new Map(target.classes.map((label, code) => [label, code]));
  const recode = labels.map((label) => place.get(label) ?? 0);
  const predicted = new Int32Array(target.codes.length);
  for (let n = 0; n < predicted.length; n++) predicted[n] = recode[codes[places ? places[n] : n]] ?? 0;
  return predicted;
}
