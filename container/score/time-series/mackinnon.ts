import { normalCdf } from '../../numeric/distributions/normal.ts';

/** Deterministic terms of a unit-root regression: none, constant, and trends of first and second order. */
export type Regression = 'n' | 'c' | 'ct' | 'ctt';

interface Surface {
  /** Below `lowest` the chance is 0, above `highest` 1; `middle` parts the two polynomials. */
  readonly lowest: number;
  readonly middle: number;
  readonly highest: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Critical values at 1, 5 and 10 %: polynomials in 1 / n. */
  readonly critical: readonly (readonly number[])[];
}

/**
 * One series. Chances: J. G. MacKinnon, J. Bus. Econ. Stat. 12 (1994), tables 3 and 4; critical values: MacKinnon, Queen's
 * Economics Department working paper 1227 (2010), table 1.
 */
const SURFACES: Readonly<Record<Regression, Surface>> = {
  n: {
    lowest: -19.04,
    middle: -1.04,
    highest: Infinity,
    left: [0.6344, 1.2378, 0.032496],
    right: [0.4797, 0.93557, -0.06999, 0.033066],
    critical: [
      [-2.56574, -2.2358, -3.627, 0],
      [-1.941, -0.2686, -3.365, 31.223],
      [-1.61682, 0.2656, -2.714, 25.364],
    ],
  },
  c: {
    lowest: -18.83,
    middle: -1.61,
    highest: 2.74,
    left: [2.1659, 1.4412, 0.038269],
    right: [1.7339, 0.93202, -0.12745, -0.010368],
    critical: [
      [-3.43035, -6.5393, -16.786, -79.433],
      [-2.86154, -2.8903, -4.234, -40.04],
      [-2.56677, -1.5384, -2.809, 0],
    ],
  },
  ct: {
    lowest: -16.18,
    middle: -2.89,
    highest: 0.7,
    left: [3.2512, 1.6047, 0.049588],
    right: [2.5261, 0.61654, -0.37956, -0.060285],
    critical: [
      [-3.95877, -9.0531, -28.428, -134.155],
      [-3.41049, -4.3904, -9.036, -45.374],
      [-3.12705, -2.5856, -3.925, -22.38],
    ],
  },
  ctt: {
    lowest: -17.17,
    middle: -3.21,
    highest: 0.54,
    left: [4.0003, 1.658, 0.048288],
    right: [3.0778, 0.49529, -0.41477, -0.059359],
    critical: [
      [-4.37113, -11.5882, -35.819, -334.047],
      [-3.83239, -5.9057, -12.49, -118.284],
      [-3.55326, -3.6596, -5.293, -63.559],
    ],
  },
};

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0);

/** Approximate chance of a Dickey-Fuller statistic so small where there is a unit root. */
export function mackinnonChance(statistic: number, regression: Regression): number {
  const surface = SURFACES[regression];
  if (statistic > surface.highest) return 1;
  if (statistic < surface.lowest) return 0;
  return normalCdf(polynomial(statistic <= surface.middle ? surface.left : surface.right, statistic));
}

/** Critical values at 1, 5 and 10 % for n observations. */
export function mackinnonCritical(n: number, regression: Regression): number[] {
  return SURFACES[regression].critical.map((coefficients) => polynomial(coefficients, 1 / n));
}
