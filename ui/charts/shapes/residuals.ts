import { area, line } from 'd3-shape';
import { axis, extentOf, type Axis, type Margins } from './axis.ts';

/** Quantiles of actual − predicted for rows whose prediction lies between two values. */
export interface ResidualBin {
  readonly predictedLow: number;
  readonly predictedHigh: number;
  readonly rows: number;
  readonly q05: number;
  readonly q25: number;
  readonly q50: number;
  readonly q75: number;
  readonly q95: number;
}

export interface ResidualBands {
  readonly x: Axis;
  readonly y: Axis;
  /** 5–95 %, 25–75 % and the median, as paths. */
  readonly outer: string;
  readonly inner: string;
  readonly median: string;
}

const middle = (bin: ResidualBin): number => (bin.predictedLow + bin.predictedHigh) / 2;

/** Bands over the predicted value; the residuals' axis always holds zero. */
export function residualBands(
  bins: readonly ResidualBin[],
  width: number,
  height: number,
  margins: Margins,
): ResidualBands {
  const sorted = [...bins].sort((a, b) => a.predictedLow - b.predictedLow);
  const x = axis(extentOf(sorted.map(middle)) ?? [0, 1], [margins.left, width - margins.right], 5, {
    nice: false,
  });
  const y = axis(
    extentOf([0, ...sorted.flatMap((bin) => [bin.q05, bin.q95])]) ?? [-1, 1],
    [height - margins.bottom, margins.top],
    4,
  );
  const band = (low: 'q05' | 'q25', high: 'q75' | 'q95'): string =>
    area<ResidualBin>()
      .x((bin) => x.scale(middle(bin)))
      .y0((bin) => y.scale(bin[low]))
      .y1((bin) => y.scale(bin[high]))(sorted) ?? '';
  const median =
    line<ResidualBin>()
      .x((bin) => x.scale(middle(bin)))
      .y((bin) => y.scale(bin.q50))(sorted) ?? '';
  return { x, y, outer: band('q05', 'q95'), inner: band('q25', 'q75'), median };
}
