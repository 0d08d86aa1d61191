import type { OnnxGraph } from '../../../contract/template.ts';
import { isConstant, meanAndVariance } from '../../../estimators/linear-algebra/spread.ts';
import type { OnnxColumns } from '../onnx-columns.ts';
import { present } from '../../../numeric/order-statistics.ts';
import type { StepKind } from '../step.ts';
import { numbersOf } from '../table.ts';
import type { ScaleOptions } from './scale-options.ts';
import { mapNumbers } from './map-numbers.ts';
import { robustOf } from '../../../numeric/robust-spread.ts';

/** (x - centre) / scale, a centre and a scale a column. */
export type CentredState = { readonly centre: Float64Array; readonly scale: Float64Array };

type Fit = (values: Float64Array, options: ScaleOptions) => { centre: number; scale: number };

function centredBy(title: string, fit: Fit): StepKind<ScaleOptions, CentredState> {
  return {
    title,
    takes: 'number',
    fit(table, names, options) {
      const moments = numbersOf(table, names, title).map(({ values }) => fit(present(values), options));
      return {
        centre: Float64Array.from(moments, ({ centre }) => centre),
        scale: Float64Array.from(moments, ({ scale }) => scale),
      };
    },
    transform(fitted, table, names) {
      return mapNumbers(table, names, title, (values, to, f) => {
        const [centre, scale] = [fitted.centre[f], fitted.scale[f]];
        for (let i = 0; i < to.length; i++) to[i] = (values[i] - centre) / scale;
      });
    },
    inverse(fitted, table, names) {
      return mapNumbers(table, names, title, (values, to, f) => {
        const [centre, scale] = [fitted.centre[f], fitted.scale[f]];
        for (let i = 0; i < to.length; i++) to[i] = values[i] * scale + centre;
      });
    },
    onnx: writeCentred,
  };
}

export function writeCentred(
  fitted: CentredState,
  graph: OnnxGraph,
  columns: OnnxColumns,
  names: readonly string[],
): void {
  const width = names.length;
  const [centred] = graph.node('Sub', [columns.take(names), graph.tensor(fitted.centre, [1, width])], 1);
  columns.add(names, graph.node('Div', [centred, graph.tensor(fitted.scale, [1, width])], 1)[0]);
}

/** scikit-learn's StandardScaler: mean and standard deviation over the values that are no null. */
export const standard = centredBy('scale (standard)', (values, { withMean = true, withStd = true }) => ({
  ...standardOf(values, withStd),
  ...(!withMean && { centre: 0 }),
}));

/** Mean, and standard deviation; 1 in place of a deviation that is none but by rounding, and for no values at all. */
export function standardOf(values: Float64Array, withStd = true): { centre: number; scale: number } {
  const { mean, variance } = meanAndVariance(values);
  const flat = !withStd || isConstant(variance, mean, values.length);
  return { centre: mean, scale: flat ? 1 : Math.sqrt(variance) };
}

/** scikit-learn's RobustScaler: median, and the distance between two percentiles. */
export const robust = centredBy(
  'scale (robust)',
  (values, { withCentering = true, withScaling = true, quantileRange = [25, 75], unitVariance = false }) =>
    robustOf(values, { withCentering, withScaling, quantileRange, unitVariance }),
);
