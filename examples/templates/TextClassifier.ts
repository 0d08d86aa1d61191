// Which kind a text is of, from its words: hashed words and logistic regression.
// The data: data/log_messages.csv as a lookup of your app (Settings > Lookups in Splunk Web), then
//   | inputlookup log_messages.csv | fit TextClassifier kind from message into log_kinds
//   | inputlookup log_messages.csv | apply log_kinds | score accuracy_score kind against "predicted(kind)"
//   | summary log_kinds
import { defineTemplate, log, logTrainingStep, preprocessor, textFeatures, transform } from 'kepler';
import type { NumericTable, PreprocessorState } from 'kepler';

interface Model {
  words: PreprocessorState;
  classes: readonly string[];
  // For each class a weight a column, and last the constant.
  weights: Float64Array[];
}

export default defineTemplate<Model>({
  name: 'TextClassifier',
  kind: 'classifier',
  prepare: 'none', // texts as they are: prepared numbers would be one column a text
  description: 'Tells classes of texts apart by the words in them.',
  params: {
    properties: {
      max_features: {
        type: 'integer',
        default: 512,
        minimum: 2,
        maximum: 4096,
        description: 'Columns that the words are hashed into.',
      },
      pairs: { type: 'boolean', default: false, description: 'Whether pairs of words count too.' },
      alpha: {
        type: 'number',
        default: 0.01,
        minimum: 0,
        description: 'How strongly weights are held back.',
      },
      max_iter: {
        type: 'integer',
        default: 200,
        minimum: 1,
        maximum: 5000,
        description: 'Steps of the training.',
      },
    },
  },

  fit({ max_features, pairs, alpha, max_iter }, { features, target }, { progress, warn }) {
    const step = textFeatures({
      columns: 'all',
      nFeatures: Number(max_features),
      ngramRange: [1, pairs === true ? 2 : 1],
      tokenPattern: '[\\p{L}\\p{N}_]+', // one letter is a word too
    });
    const { table, state, target: known } = preprocessor([step]).fit(features, { target, warn });
    if (known?.kind !== 'classes')
      throw new Error('The field to predict holds numbers; give it a name a class.');
    const weights = known.classes.map(() => new Float64Array(table.columns.length + 1));
    // Nesterov's accelerated gradient. Rows are of length 1, so that this step is short enough.
    const size = 1 / (1 + Number(alpha));
    let before = weights.map((own) => own.slice());
    for (let round = 1; round <= Number(max_iter); round++) {
      const ahead = weights.map((own, k) =>
        own.map((w, f) => w + ((round - 1) / (round + 2)) * (w - before[k][f])),
      );
      before = weights.map((own) => own.slice());
      const wrong = probabilities(table, ahead);
      let loss = 0;
      for (let row = 0; row < table.rows; row++) {
        loss -= Math.log(wrong[known.codes[row]][row] + 1e-300) / table.rows;
        wrong[known.codes[row]][row] -= 1;
      }
      weights.forEach((own, k) => {
        const slopes = [
          ...table.columns.map((column) => dot(column, wrong[k])),
          wrong[k].reduce((a, b) => a + b, 0),
        ];
        slopes.forEach((slope, f) => {
          const held = f < table.columns.length ? Number(alpha) * ahead[k][f] : 0;
          own[f] = ahead[k][f] - size * (slope / table.rows + held);
        });
      });
      if (round % 50 === 0) logTrainingStep(round, { loss });
      progress(round / Number(max_iter));
    }
    log.info('fitted', { rows: table.rows, classes: known.classes.length, features: table.columns.length });
    return { words: state, classes: known.classes, weights };
  },

  apply({ words, classes, weights }, features) {
    const shares = probabilities(transform(words, features), weights);
    return Array.from({ length: features.rows }, (_, row) => {
      const own = shares.map((share) => share[row]);
      return classes[own.indexOf(Math.max(...own))];
    });
  },

  summary: ({ classes, weights }) => ({
    fields: ['class', 'constant', 'weights', 'largest_weight'],
    rows: classes.map((name, k) => {
      const own = weights[k].subarray(0, -1);
      return [
        name,
        weights[k][own.length],
        own.filter((w) => w !== 0).length,
        own.reduce((a, b) => Math.max(a, b), 0),
      ];
    }),
  }),

  example: {
    features: {
      message: ['disk sda full', 'login failed', 'disk sdb slow', null, 'login refused', 'disk full'],
    },
    target: { name: 'kind', values: ['disk', 'auth', 'disk', 'auth', 'auth', 'disk'] },
  },
});

// The share of each class in each row (softmax).
function probabilities(table: NumericTable, weights: readonly Float64Array[]): Float64Array[] {
  const scores = weights.map((own) => {
    const score = new Float64Array(table.rows).fill(own[table.columns.length]);
    table.columns.forEach((column, f) => {
      if (own[f] !== 0) for (let row = 0; row < table.rows; row++) score[row] += own[f] * column[row];
    });
    return score;
  });
  for (let row = 0; row < table.rows; row++) {
    const most = Math.max(...scores.map((score) => score[row]));
    let total = 0;
    for (const score of scores) total += score[row] = Math.exp(score[row] - most);
    for (const score of scores) score[row] /= total;
  }
  return scores;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
