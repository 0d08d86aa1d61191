import { KeplerError } from '../../contract/errors.ts';
import { numbersOf, weightsOf } from './check-input.ts';
import { dcg, listPrecision, ndcg, precisionAt, recallAt, reciprocalRank } from './ranking.ts';
import { average } from './regression.ts';
import { report } from './report.ts';
import type { MetricsReport } from './report.ts';

export interface RankingOptions {
  /** Lengths at which `ndcg_at_<k>`, `precision_at_<k>` and `recall_at_<k>` are measured; 5 and 10 where not given. */
  readonly k?: readonly number[];
  /** How much each list counts. */
  readonly sampleWeight?: ArrayLike<number>;
}

/**
 * Scores of ranked lists, averaged over the lists: `ndcg` and `dcg` as scikit-learn's ndcg_score and dcg_score (ties
 * averaged), `map` the mean of its average_precision_score, `mrr` the mean reciprocal rank.
 *
 * @param relevance A list a query: how useful each of its items is, 0 or more.
 * @param scores A list a query: where the ranking puts them, highest first.
 * @throws KeplerError invalid_data
 */
export function calculateRankingMetrics(
  relevance: readonly ArrayLike<number>[],
  scores: readonly ArrayLike<number>[],
  options: RankingOptions = {},
): MetricsReport {
  if (relevance.length === 0)
    throw new KeplerError('invalid_data', 'Ranking metrics: there are no lists to measure.');
  if (relevance.length !== scores.length) {
    throw new KeplerError(
      'invalid_data',
      `Ranking metrics: ${relevance.length} lists have relevances, but ${scores.length} have scores.`,
    );
  }
  const truth = relevance.map((list, q) => numbersOf(list, `List ${q + 1}: the relevance`));
  const guess = scores.map((list, q) => numbersOf(list, `List ${q + 1}: the score`));
  truth.forEach((list, q) => checkList(list, guess[q], q));
  const weights = weightsOf(options.sampleWeight, truth.length);
  const mean = (of: (relevance: Float64Array, scores: Float64Array) => number): number =>
    average(truth.length, (q) => of(truth[q], guess[q]), weights);
  const values: Record<string, number> = {
    ndcg: mean((r, s) => ndcg(r, s)),
    dcg: mean((r, s) => dcg(r, s)),
    map: mean(listPrecision),
    mrr: mean(reciprocalRank),
  };
  for (const k of options.k ?? [5, 10]) {
    values[`ndcg_at_${k}`] = mean((r, s) => ndcg(r, s, k));
    values[`precision_at_${k}`] = mean((r, s) => precisionAt(r, s, k));
    values[`recall_at_${k}`] = mean((r, s) => recallAt(r, s, k));
  }
  const nothing = truth.filter((list) => list.every((value) => value === 0)).length;
  const warnings =
    nothing > 0 ? [`${nothing} of ${truth.length} lists hold nothing relevant and count 0.`] : [];
  return report('ranking', truth.length, values, warnings);
}

function checkList(relevance: Float64Array, scores: Float64Array, q: number): void {
  const problem =
    relevance.length === 0
      ? 'is empty'
      : relevance.length !== scores.length
        ? `has ${relevance.length} relevances, but ${scores.length} scores`
        : relevance.some((value) => value < 0)
          ? 'holds a negative relevance'
          : undefined;
  if (problem) throw new KeplerError('invalid_data', `Ranking metrics: list ${q + 1} ${problem}.`);
}
