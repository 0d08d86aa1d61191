import { KeplerError } from '../../../contract/errors.ts';
import type { OnnxGraph } from '../../../contract/template.ts';
import { present } from '../../../numeric/order-statistics.ts';
import type { StepKind } from '../step.ts';
import { numbersOf } from '../table.ts';
import { standardOf, writeCentred } from './centred.ts';
import { mapNumbers } from './map-numbers.ts';
import {
  boxCox,
  boxCoxBack,
  boxCoxLambda,
  yeoJohnson,
  yeoJohnsonBack,
  yeoJohnsonLambda,
} from './power-transforms.ts';
import type { ScaleOptions } from './scale-options.ts';

type PowerState = {
  readonly boxCox: boolean;
  readonly lambdas: Float64Array;
  /** Mean and standard deviation of what is transformed; 0 and 1 where it is not standardised. */
  readonly centre: Float64Array;
  readonly scale: Float64Array;
};

const TITLE = 'scale (power)';

/** scikit-learn's PowerTransformer. A value that Box-Cox is not defined for becomes null at scoring, and is an error at fit. */
export const power: StepKind<ScaleOptions, PowerState> = {
  title: TITLE,
  takes: 'number',
  fit(table, names, { transformation = 'yeo-johnson', standardize = true }) {
    const isBoxCox = transformation === 'box-cox';
    const columns = numbersOf(table, names, TITLE);
    const fitted = columns.map(({ name, values: all }) => {
      const values = present(all);
      if (isBoxCox) checkPositive(name, values);
      const lambda = isBoxCox ? boxCoxLambda(values) : yeoJohnsonLambda(values);
      if (!standardize) return { lambda, centre: 0, scale: 1 };
      const forward = isBoxCox ? boxCox : yeoJohnson;
      return { lambda, ...standardOf(values.map((x) => forward(x, lambda))) };
    });
    return {
      boxCox: isBoxCox,
      lambdas: Float64Array.from(fitted, ({ lambda }) => lambda),
      centre: Float64Array.from(fitted, ({ centre }) => centre),
      scale: Float64Array.from(fitted, ({ scale }) => scale),
    };
  },
  transform(fitted, table, names) {
    const forward = fitted.boxCox ? boxCox : yeoJohnson;
    return mapNumbers(table, names, TITLE, (values, to, f) => {
      const [lambda, centre, scale] = [fitted.lambdas[f], fitted.centre[f], fitted.scale[f]];
      for (let i = 0; i < to.length; i++) to[i] = (forward(values[i], lambda) - centre) / scale;
    });
  },
  inverse(fitted, table, names) {
    const back = fitted.boxCox ? boxCoxBack : yeoJohnsonBack;
    return mapNumbers(table, names, TITLE, (values, to, f) => {
      const [lambda, centre, scale] = [fitted.lambdas[f], fitted.centre[f], fitted.scale[f]];
      for (let i = 0; i < to.length; i++) to[i] = back(values[i] * scale + centre, lambda);
    });
  },
  onnx(fitted, graph, columns, names) {
    const matrix = columns.take(names);
    names.forEach((name, f) => {
      const place = graph.tensor(BigInt64Array.of(BigInt(f)), [1]);
      const [x] = graph.node('Gather', [matrix, place], 1, { axis: 1 });
      columns.add(
        [name],
        fitted.boxCox
          ? writeBoxCox(graph, x, fitted.lambdas[f])
          : writeYeoJohnson(graph, x, fitted.lambdas[f]),
      );
    });
    writeCentred(fitted, graph, columns, names);
  },
};

function checkPositive(name: string, values: Float64Array): void {
  const bad = values.find((value) => !(value > 0));
  if (bad === undefined) return;
  throw new KeplerError(
    'invalid_data',
    `${TITLE}: box-cox takes positive numbers alone, but "${name}" holds ${bad}. Use transformation "yeo-johnson".`,
  );
}

/** ((1 + |x|) ^ power - 1) / power, or the logarithm, with the sign of x; each half has its power. */
function writeYeoJohnson(graph: OnnxGraph, x: string, lambda: number): string {
  const [abs] = graph.node('Abs', [x], 1);
  const number = (value: number) => graph.tensor(Float64Array.of(value), []);
  const [base] = graph.node('Add', [abs, number(1)], 1);
  const upper = writePower(graph, base, lambda);
  const [lower] = graph.node('Neg', [writePower(graph, base, 2 - lambda)], 1);
  const [negative] = graph.node('Less', [x, number(0)], 1);
  return graph.node('Where', [negative, lower, upper], 1)[0];
}

function writeBoxCox(graph: OnnxGraph, x: string, lambda: number): string {
  const zero = graph.tensor(Float64Array.of(0), []);
  const [positive] = graph.node('Greater', [x, zero], 1);
  const nothing = graph.tensor(Float64Array.of(NaN), []);
  return graph.node('Where', [positive, writePower(graph, x, lambda), nothing], 1)[0];
}

function writePower(graph: OnnxGraph, base: string, exponent: number): string {
  if (Math.abs(exponent) < Number.EPSILON) return graph.node('Log', [base], 1)[0];
  const number = (value: number) => graph.tensor(Float64Array.of(value), []);
  const [raised] = graph.node('Pow', [base, number(exponent)], 1);
  const [less] = graph.node('Sub', [raised, number(1)], 1);
  return graph.node('Div', [less, number(exponent)], 1)[0];
}
