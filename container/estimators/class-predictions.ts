import type { OptionSchema, OutputColumn, Params, ParamsSchema } from '../contract/template.ts';

/** What every classifier's state says about its classes. */
export type ClassifierState = {
  readonly target: string;
  readonly classes: readonly string[];
  /** Whether `apply` adds a probability a class unless told otherwise. */
  readonly probabilities: boolean;
};

export const probabilitiesOption: OptionSchema = {
  type: 'boolean',
  default: false,
  description: 'Whether a column with the probability of each class is added.',
};

/** Options of `apply` that all classifiers share; without a default, because the model's own setting is it. */
export const classifierApplyParams: ParamsSchema = {
  type: 'object',
  properties: {
    probabilities: { type: 'boolean', description: 'Adds (or leaves out) the probability of each class.' },
  },
  additionalProperties: false,
};

/**
 * Columns of a classifier: the class of the highest score (the first of equals) and, where asked for, a column
 * `probability(y=class)` a class.
 *
 * @param scores One array a class: any values that rise with the probability.
 * @param probabilities Called only where probabilities are asked for: one array a class.
 */
export function classPredictions(
  state: ClassifierState,
  scores: readonly Float64Array[],
  probabilities: () => readonly Float64Array[],
  options: Params,
): OutputColumn[] {
  const rows = scores[0].length;
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let best = 0;
    for (let k = 1; k < scores.length; k++) if (scores[k][i] > scores[best][i]) best = k;
    codes[i] = best;
  }
  const label: OutputColumn = {
    name: `predicted(${state.target})`,
    kind: 'label',
    codes,
    labels: state.classes,
  };
  if (!(options.probabilities ?? state.probabilities)) return [label];
  const columns = probabilities().map((values, k): OutputColumn => ({
    name: `probability(${state.target}=${state.classes[k]})`,
    kind: 'number',
    values,
  }));
  return [label, ...columns];
}

/** Probabilities from scores: exp(s_k) / Σ exp(s), shifted by the largest score so that nothing overflows. */
export function softmax(scores: readonly Float64Array[]): Float64Array[] {
  const rows = scores[0].length;
  const result = scores.map(() => new Float64Array(rows));
  for (let i = 0; i < rows; i++) {
    let top = -Infinity;
    for (const score of scores) if (score[i] > top) top = score[i];
    let sum = 0;
    for (let k = 0; k < scores.length; k++) sum += result[k][i] = Math.exp(scores[k][i] - top);
    for (let k = 0; k < scores.length; k++) result[k][i] /= sum;
  }
  return result;
}
