import { numbers } from '../columns.ts';
import { decision, decisionField } from '../decision.ts';
import { ALPHA, options } from '../params.ts';
import type { Params } from '../../contract/template.ts';
import type { ScoreMethod, Warn } from '../types.ts';

export interface TestResult {
  readonly statistic: number;
  readonly pValue: number;
}

interface TwoSampleTest {
  readonly name: string;
  readonly description: string;
  readonly params: ScoreMethod['params']['properties'];
  /** The null hypothesis, as a clause. */
  readonly hypothesis: (a: string, b: string, params: Params) => string;
  /** Below so many rows a warning says that the p-value is rough. */
  readonly fewRows?: number;
  readonly test: (x: Float64Array, y: Float64Array, params: Params, warn: Warn) => TestResult;
}

/** A test of one field against one other, as a method of `score`. */
export function twoSampleTest(definition: TwoSampleTest): ScoreMethod {
  const { name, description, params, fewRows, test } = definition;
  return {
    name,
    description,
    params: options({ ...params, alpha: ALPHA }),
    fields: { kind: 'pair', a: 'numbers', b: 'numbers' },
    run({ a: [a], b: [b] }, given, warn) {
      const [x, y] = [numbers(a), numbers(b)];
      if (fewRows !== undefined && x.length < fewRows) {
        warn(`${name} has ${x.length} rows to work on; below ${fewRows} its result is not reliable.`);
      }
      const { statistic, pValue } = test(x, y, given, warn);
      const alpha = given.alpha as number;
      const verdict = decision(pValue, alpha, definition.hypothesis(`"${a.name}"`, `"${b.name}"`, given));
      return {
        fields: ['statistic', 'p-value', decisionField(alpha)],
        rows: [[statistic, pValue, verdict]],
      };
    },
  };
}
