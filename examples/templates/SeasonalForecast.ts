// What comes next, from a trend and a season: days without a value are forecast, with the band that values keep to.
// The data: seattle_weather.csv, a lookup of the app. The last hundred days are hidden from it, and forecast:
//   | inputlookup seattle_weather.csv | streamstats count as day | eval temp=if(day>1361, null(), temp_max) | fit SeasonalForecast temp from day period=365.25 into warmth
//   | inputlookup seattle_weather.csv | streamstats count as day | apply warmth | score r2_score temp_max against "predicted(temp)"
//   | summary warmth
import { defineTemplate } from 'kepler';
import type { RawTable } from 'kepler';

interface Model {
  // The field of the forecast.
  name: string;
  period: number;
  harmonics: number;
  // Of the constant, the trend, and cosine and sine of each harmonic.
  weights: Float64Array;
  // Half the width of the band that 95 of 100 values kept to.
  band: number;
}

export default defineTemplate<Model>({
  name: 'SeasonalForecast',
  kind: 'regressor',
  prepare: 'none', // rows without a value are those to be forecast
  description: 'Forecasts a value over time from its trend and its season.',
  params: {
    properties: {
      period: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 24,
        description: 'Length of the season, in the unit of the time field.',
      },
      harmonics: {
        type: 'integer',
        minimum: 1,
        maximum: 20,
        default: 3,
        description: 'How fine the shape of the season is.',
      },
    },
  },

  fit({ period, harmonics }, { features, target }) {
    if (target?.kind !== 'number') throw new Error('A field of numbers is needed before "from".');
    const shape = { name: `predicted(${target.name})`, period: Number(period), harmonics: Number(harmonics) };
    const rows: { basis: number[]; value: number }[] = [];
    timesOf(features).forEach((time, row) => {
      const value = target.values[row];
      if (!Number.isNaN(time) && !Number.isNaN(value)) rows.push({ basis: basisOf(time, shape), value });
    });
    const width = 2 + 2 * shape.harmonics;
    if (rows.length <= width)
      throw new Error(`${width + 1} rows with a time and a value are needed; there are ${rows.length}.`);
    const weights = leastSquares(rows, width);
    const misses = rows
      .map(({ basis, value }) => Math.abs(value - dot(basis, weights)))
      .sort((a, b) => a - b);
    return { ...shape, weights, band: misses[Math.floor(0.95 * misses.length)] };
  },

  apply(model, features) {
    const predicted = timesOf(features).map((time) => dot(basisOf(time, model), model.weights));
    return {
      [model.name]: predicted,
      lower: predicted.map((value) => value - model.band),
      upper: predicted.map((value) => value + model.band),
    };
  },

  summary: ({ period, harmonics, weights, band }) => ({
    period,
    harmonics,
    level: weights[0],
    trend: weights[1],
    band,
  }),

  example: {
    features: { hour: Array.from({ length: 48 }, (_, i) => i) },
    target: {
      name: 'load',
      values: Array.from({ length: 48 }, (_, i) => (i > 40 ? null : 10 + Math.sin(i / 4) + i / 10)),
    },
  },
});

function timesOf({ columns }: RawTable): Float64Array {
  const [time] = columns;
  if (columns.length !== 1 || time.kind !== 'number')
    throw new Error('One field of numbers is needed after "from": the time.');
  return time.values;
}

function basisOf(time: number, { period, harmonics }: { period: number; harmonics: number }): number[] {
  const basis = [1, time / period];
  for (let k = 1; k <= harmonics; k++) {
    const angle = (2 * Math.PI * k * time) / period;
    basis.push(Math.cos(angle), Math.sin(angle));
  }
  return basis;
}

function dot(basis: readonly number[], weights: Float64Array): number {
  return basis.reduce((sum, value, i) => sum + value * weights[i], 0);
}

/** By the normal equations, with a breath of ridge against a season that the rows do not cover. */
function leastSquares(rows: readonly { basis: number[]; value: number }[], width: number): Float64Array {
  const system = Array.from({ length: width }, () => new Float64Array(width + 1));
  for (const { basis, value } of rows) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) system[i][j] += basis[i] * basis[j];
      system[i][width] += basis[i] * value;
    }
  }
  for (let i = 0; i < width; i++) system[i][i] += 1e-9 * rows.length;
  // Gauss elimination: the matrix is positive definite, so that no pivot is 0.
  for (let i = 0; i < width; i++) {
    for (let below = i + 1; below < width; below++) {
      const share = system[below][i] / system[i][i];
      for (let j = i; j <= width; j++) system[below][j] -= share * system[i][j];
    }
  }
  const weights = new Float64Array(width);
  for (let i = width - 1; i >= 0; i--) {
    let rest = system[i][width];
    for (let j = i + 1; j < width; j++) rest -= system[i][j] * weights[j];
    weights[i] = rest / system[i][i];
  }
  return weights;
}
