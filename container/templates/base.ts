// The template to copy: save it as <YourName>.ts into the folder of templates, change the model part, and use it in a search:
//   | fit YourName shrink=0.5 y from x* into my_model      | apply my_model      | summary my_model
// Loading, preparing, saving, versions, limits, logs, telemetry and metrics come by themselves.
import { defineTemplate, log } from 'kepler';

// What fit learns and apply needs: plain objects and typed arrays. The runtime keeps it.
interface Model {
  features: readonly string[];
  weights: Float64Array;
  constant: number;
}

export default defineTemplate<Model>({
  name: 'base', // the file's name
  kind: 'regressor', // or classifier, clusterer, transformer
  description: 'Predicts a number from how each feature moves with it, one feature at a time.',

  // The options, as JSON Schema: defaults, checks, help and the form on the page come from it.
  params: {
    properties: {
      shrink: {
        type: 'number',
        default: 1,
        minimum: 0,
        maximum: 1,
        description: 'Share of each weight that is kept.',
      },
    },
  },

  // Rows without nulls, features as columns of numbers (text is one column a value), the target beside them.
  fit({ shrink }, { features, target }) {
    if (target?.kind !== 'number') throw new Error('A target that is a number is needed.');
    const means = features.columns.map(mean);
    const centre = mean(target.values);
    const weights = features.columns.map((column, f) => {
      let [together, alone] = [0, 0];
      for (let row = 0; row < features.rows; row++) {
        const away = column[row] - means[f];
        together += away * (target.values[row] - centre);
        alone += away * away;
      }
      return alone === 0 ? 0 : (Number(shrink) * together) / alone / features.columns.length;
    });
    const constant = centre - weights.reduce((sum, weight, f) => sum + weight * means[f], 0);
    log.info('fitted', { features: features.columns.length, rows: features.rows });
    return { features: features.names, weights: Float64Array.from(weights), constant };
  },

  // One value a row; or columns by name.
  apply({ weights, constant }, { rows, columns }) {
    const predicted = new Float64Array(rows).fill(constant);
    columns.forEach((column, f) => {
      for (let row = 0; row < rows; row++) predicted[row] += weights[f] * column[row];
    });
    return predicted;
  },

  summary({ features, weights, constant }) {
    return {
      fields: ['feature', 'weight'],
      rows: [...features.map((name, f) => [name, weights[f]]), ['_constant', constant]],
    };
  },
});

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

// test
// What stands between these two lines is yours alone, and never published: data to try it on, prints.
// end test
