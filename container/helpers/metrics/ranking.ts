/**
 * Scores of ranked lists: `relevance[i]` says how useful item i of a list is (0: not at all), `scores[i]` where the ranking
 * put it, highest first. Items of equal score stand in no order among themselves: gains are averaged over all orders.
 */
import { averagePrecision, scoreCounts } from './binary-curve.ts';
import { argsort } from './order.ts';

/** Runs of equal score, from the highest down. */
function runs(scores: Float64Array): Uint32Array[] {
  const order = argsort(scores).reverse();
  const found: Uint32Array[] = [];
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    found.push(order.subarray(from, to));
    from = to;
  }
  return found;
}

/** Discounted cumulative gain of the first `k` places: relevance by log2(1 + place). */
export function dcg(relevance: Float64Array, scores: Float64Array, k = Infinity): number {
  let place = 0;
  let gain = 0;
  for (const run of runs(scores)) {
    let relevant = 0;
    let discount = 0;
    for (const item of run) {
      relevant += relevance[item];
      place++;
      if (place <= k) discount += 1 / Math.log2(place + 1);
    }
    gain += (relevant / run.length) * discount;
  }
  return gain;
}

/** DCG as a share of the best order's; 0 for a list without anything relevant. */
export function ndcg(relevance: Float64Array, scores: Float64Array, k = Infinity): number {
  const best = dcg(relevance, relevance, k);
  return best === 0 ? 0 : dcg(relevance, scores, k) / best;
}

/** One by the place of the first relevant item, ties counted against it; 0 where there is none. */
export function reciprocalRank(relevance: Float64Array, scores: Float64Array): number {
  let place = 0;
  for (const run of runs(scores)) {
    place += run.length;
    if (run.some((item) => relevance[item] > 0)) return 1 / place;
  }
  return 0;
}

/** Relevant items expected among the first `k`. */
function relevantAt(relevance: Float64Array, scores: Float64Array, k: number): number {
  let place = 0;
  let relevant = 0;
  for (const run of runs(scores)) {
    const taken = Math.min(run.length, k - place);
    if (taken <= 0) break;
    relevant += (run.reduce((sum, item) => sum + (relevance[item] > 0 ? 1 : 0), 0) * taken) / run.length;
    place += run.length;
  }
  return relevant;
}

/** Share of relevant items among the first `k`; places beyond the list's end count as misses. */
export function precisionAt(relevance: Float64Array, scores: Float64Array, k: number): number {
  return relevantAt(relevance, scores, k) / k;
}

/** Share of the relevant items that are among the first `k`; 0 where there is none. */
export function recallAt(relevance: Float64Array, scores: Float64Array, k: number): number {
  const all = relevance.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  return all === 0 ? 0 : relevantAt(relevance, scores, k) / all;
}

/** scikit-learn's average_precision_score of one list. */
export function listPrecision(relevance: Float64Array, scores: Float64Array): number {
  return averagePrecision(
    scoreCounts(
      scores,
      Int32Array.from(relevance, (value) => (value > 0 ? 1 : 0)),
      1,
    ),
  );
}
