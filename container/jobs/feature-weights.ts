import type { State, Template } from '../contract/template.ts';
import type { Evaluation } from '../helpers/metrics/evaluation.ts';

/** What is kept of a model of more features: the largest. */
const MOST_WEIGHTS = 500;
/** What StandardScaler calls its outputs. */
const STANDARDISED = 'SS_';

/** Importances, largest first, or coefficients in the model's order. */
export function featureWeightsOf(
  template: Template,
  state: State,
): Pick<Evaluation, 'importance' | 'coefficients'> {
  const weights = template.featureWeights?.(state);
  if (!weights) return {};
  if (weights.kind === 'importance') {
    const rows = [...weights.rows].sort((a, b) => b.value - a.value).slice(0, MOST_WEIGHTS);
    return { importance: rows.map(({ feature, value, spread }) => [feature, value, spread ?? null]) };
  }
  const sizes = weights.rows.map(({ value }) => Math.abs(value)).sort((a, b) => b - a);
  const least = sizes[MOST_WEIGHTS - 1] ?? 0;
  const kept = weights.rows
    .filter(({ feature, value }) => feature === '_intercept' || Math.abs(value) >= least)
    .slice(0, 2 * MOST_WEIGHTS);
  const features = weights.rows.filter(({ feature }) => feature !== '_intercept');
  return {
    coefficients: {
      standardised: features.every(({ feature }) => feature.startsWith(STANDARDISED)),
      rows: kept.map(({ output, feature, value }) => [output, feature, value]),
      left: weights.rows.length - kept.length,
    },
  };
}
