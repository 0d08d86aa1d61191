/**
 * The candidate that a mistyped word most likely means, or undefined where none is near: letter case is overlooked, and
 * up to a third of the word's letters (at most three) may be wrong, missing, added, or swapped with their neighbour; else the
 * only one that begins with the word.
 */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const allowed = Math.min(3, Math.max(1, Math.floor(typed.length / 3)));
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    if (Math.abs(known.length - typed.length) > allowed) continue;
    const distance = editDistance(typed, known);
    if (distance < bestDistance && distance < known.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? onlyOneThatGoesOn(typed, candidates);
}

/** `accuracy` for `accuracy_score`: the beginning of one candidate alone. */
function onlyOneThatGoesOn(typed: string, candidates: readonly string[]): string | undefined {
  if (typed.length < 2) return undefined;
  const longer = candidates.filter((candidate) => candidate.toLowerCase().startsWith(typed));
  return longer.length === 1 ? longer[0] : undefined;
}

/** Damerau-Levenshtein distance in its "optimal string alignment" form: a swap of neighbours counts one. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
      }
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
