// Rows that are unlike the others, and by which field: how many robust standard deviations a value lies from the median.
// The data: logins.csv, a lookup of the app.
//   | inputlookup logins.csv | fit RobustOutliers threshold=8 logins failures countries night_share into odd_logins
//   | inputlookup logins.csv | apply odd_logins | where is_outlier=1 | sort - outlier_score | table account outlier_score outlier_field
//   | summary odd_logins
import { defineTemplate, log } from 'kepler';

interface Model {
  fields: readonly string[];
  medians: Float64Array;
  // What one standard deviation would be, if the values were normal: 1.4826 times the median distance from the median.
  spreads: Float64Array;
  threshold: number;
}

export default defineTemplate<Model>({
  name: 'RobustOutliers',
  kind: 'transformer',
  description: 'Marks rows with a value far from the median, and names the field.',
  params: {
    properties: {
      threshold: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 5,
        description: 'From so many robust standard deviations on a row is an outlier.',
      },
    },
  },

  fit({ threshold }, { features }) {
    const medians = Float64Array.from(features.columns, median);
    const spreads = Float64Array.from(features.columns, (column, f) => {
      const spread = 1.4826 * median(column.map((value) => Math.abs(value - medians[f])));
      // More than half of the values are the same: then the plain mean distance tells.
      return (
        spread || column.reduce((sum, value) => sum + Math.abs(value - medians[f]), 0) / column.length || 1
      );
    });
    log.info('fitted', { fields: features.names.length, rows: features.rows });
    return { fields: features.names, medians, spreads, threshold: Number(threshold) };
  },

  apply({ fields, medians, spreads, threshold }, { rows, columns }) {
    const score = new Float64Array(rows);
    const worst = new Array<string | null>(rows).fill(null);
    columns.forEach((column, f) => {
      for (let row = 0; row < rows; row++) {
        const distance = Math.abs(column[row] - medians[f]) / spreads[f];
        if (distance <= score[row]) continue;
        score[row] = distance;
        worst[row] = fields[f];
      }
    });
    return {
      is_outlier: score.map((value) => (value >= threshold ? 1 : 0)),
      outlier_score: score,
      outlier_field: worst.map((field, row) => (score[row] >= threshold ? field : null)),
    };
  },

  // How far each field's value lies from its median.
  explain: ({ fields, medians, spreads }, { columns }) =>
    Object.fromEntries(
      fields.map((name, f) => [name, columns[f].map((value) => (value - medians[f]) / spreads[f])]),
    ),

  summary: ({ fields, medians, spreads }) => ({
    fields: ['field', 'median', 'spread'],
    rows: fields.map((name, f) => [name, medians[f], spreads[f]]),
  }),
});

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
