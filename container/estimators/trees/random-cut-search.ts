import type { BinnedColumn } from './columns.ts';
import type { Criterion } from './criterion.ts';
import { FeatureOrder } from './feature-order.ts';
import { RESULT } from './kernels.ts';
import type { Random } from './random.ts';
import type { GrowingNode, Split, SplitSearch } from './split.ts';

/** A cut through one feature of a node, with the bins that occur nearest to it. */
interface Cut {
  readonly lastLeft: number;
  readonly firstRight: number;
  readonly threshold: number;
}

/**
 * One cut by chance through each feature tried, anywhere between the node's least and greatest value; the best of them
 * splits the node (scikit-learn's `splitter="random"`; Geurts, Ernst, Wehenkel, "Extremely randomized trees", 2006).
 * Features are drawn as in `SampledSearch`.
 */
export class RandomCutSearch implements SplitSearch {
  private readonly order: FeatureOrder;
  private readonly halves: BinnedColumn;

  /** @param halves memory for the side of each row, in the kernels' memory */
  constructor(
    private readonly columns: readonly BinnedColumn[],
    private readonly criterion: Criterion,
    private readonly maxFeatures: number,
    private readonly random: Random,
    halves: Uint8Array,
  ) {
    this.order = new FeatureOrder(columns.length, random);
    this.halves = { codes: halves, bins: 2, low: new Float32Array(2), high: new Float32Array(2) };
  }

  find(node: GrowingNode, score: number): Split | null {
    const { order, columns, criterion } = this;
    const { result } = criterion.work;
    let best: Split | null = null;
    let varied = 0;
    for (let tried = 0; tried < order.count; tried++) {
      if (tried >= this.maxFeatures && varied > 0) break;
      const feature = order.draw(tried);
      const cut = this.draw(columns[feature], node);
      if (!cut) continue;
      varied++;
      criterion.split(this.halves, node.start, node.end);
      const proxy = result[RESULT.proxy];
      if (proxy > (best?.proxy ?? -Infinity))
        best = { proxy, feature, ...cut, gain: Math.max(0, proxy - score) };
    }
    return best;
  }

  /** Draws a cut and leaves each row's side in `halves`; null where all rows are in one bin. */
  private draw(column: BinnedColumn, { start, end }: GrowingNode): Cut | null {
    const { rows } = this.criterion.work;
    const { codes, low, high } = column;
    let [least, greatest] = [column.bins, -1];
    for (let i = start; i < end; i++) {
      const code = codes[rows[i]];
      if (code < least) least = code;
      if (code > greatest) greatest = code;
    }
    if (least >= greatest) return null;
    const wanted = low[least] + this.random.share() * (high[greatest] - low[least]);
    let [lastLeft, firstRight] = [least, greatest];
    const sides = this.halves.codes;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const code = codes[row];
      // The greatest bin stays right, wherever in it the cut may fall.
      const right = code === greatest || low[code] > wanted;
      sides[row] = right ? 1 : 0;
      if (right && code < firstRight) firstRight = code;
      if (!right && code > lastLeft) lastLeft = code;
    }
    return { lastLeft, firstRight, threshold: between(wanted, high[lastLeft], low[firstRight]) };
  }
}

/** The float32 nearest to a number that is not below the left side's greatest value and below the right side's least. */
function between(wanted: number, below: number, above: number): number {
  const near = Math.fround(wanted);
  return near >= below && near < above ? near : below;
}
