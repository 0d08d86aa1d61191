import { field, option } from './types.ts';
import type { Noun, Option } from './types.ts';

/** Name a model that is not the searcher's own, nor of the search's app. */
export const OWNER_OPTIONS: readonly Option[] = [
  option('owner', 'text', 'the user whose model is meant, where it is not yours (edit_kepler_models)'),
  option('app', 'text', 'the app whose model is meant, where it is not the one of the search'),
];

export const MODELS: Noun = {
  name: 'models',
  about: 'The models that you may see, a row each; damaged ones too.',
  argument: { of: 'model', required: false, about: 'only the model of this name' },
  options: [
    option('owner', 'text', 'only models of this user'),
    option('app', 'text', 'only models of this app'),
  ],
  answeredBy: 'runtime',
  fields: [
    field('name', 'text', 'the name, without its namespace'),
    field('namespace', 'text', 'user or app'),
    field('owner', 'text', 'the user whose model it is; of an app’s model, who fitted it last'),
    field('app', 'text', 'the app it was fitted in'),
    field('sharing', 'text', 'private or app'),
    field('algorithm', 'text', 'of the champion, else of the newest version'),
    field('kind', 'text', 'classifier, regressor, clusterer, transformer'),
    field('target', 'text', 'the field that it predicts'),
    field('champion', 'integer', 'the version that apply reads'),
    field('previous', 'integer', 'the version that keplerctl rollback would make the champion again'),
    field('latest', 'integer', 'the newest version'),
    field('versions', 'integer', 'how many there are'),
    field('aliases', 'list', '<alias>=<version>'),
    field('health', 'text', 'healthy, attention, failed or idle'),
    field('health_reason', 'text', 'why, in a sentence'),
    field('metric', 'text', 'the main metric’s name'),
    field('metric_value', 'number', 'its value for the champion'),
    field('metric_better', 'text', 'higher or lower'),
    field('metric_history', 'list', '<version>=<value> of the last 12 versions'),
    field('rows', 'integer', 'rows of the champion’s fit'),
    field('last_fit', 'time', 'when the newest version was made'),
    field('drift', 'text', '“not measured”'),
    field('searches_24h', 'integer', 'searches of the last 24 hours that applied it'),
    field('rows_24h', 'integer', 'rows of these searches'),
    field('errors_24h', 'integer', 'how many of them failed'),
    field('p50_ms', 'number', 'half of them took no more milliseconds'),
    field('p95_ms', 'number', '19 of 20 took no more milliseconds'),
    field('may_write', 'boolean', 'whether you may change it'),
    field('reference', 'text', 'how a search names it: name or app:name'),
  ],
};

export const VERSIONS: Noun = {
  name: 'versions',
  about: 'The versions of a model, a row each, newest first.',
  argument: {
    of: 'model',
    required: true,
    version: 'may',
    about: 'the model; with @<version> that one alone',
  },
  options: [
    option('version', 'integer', 'only this version', { least: 1 }),
    option('file', 'choice', 'the file’s bytes instead, in parts', { choices: ['onnx'] }),
    ...OWNER_OPTIONS,
  ],
  answeredBy: 'runtime',
  fields: [
    field('version', 'integer', 'its number; numbers are never used again'),
    field('aliases', 'list', 'the aliases that point at it'),
    field('state', 'text', 'whole or damaged'),
    field('reason', 'text', 'what is damaged'),
    field('algorithm', 'text', 'the algorithm'),
    field('kind', 'text', 'classifier, regressor, clusterer, transformer'),
    field('created', 'time', 'when it was made'),
    field('user', 'text', 'who fitted it'),
    field('app', 'text', 'in which app'),
    field('sid', 'text', 'by which search'),
    field('search', 'text', 'the search’s words'),
    field('earliest', 'text', 'the search’s time range'),
    field('latest', 'text', 'the search’s time range'),
    field('rows', 'integer', 'rows that came'),
    field('trained_rows', 'integer', 'rows that it was trained on'),
    field('fingerprint', 'text', 'tells whether two fits saw the same rows'),
    field('target', 'text', 'the field that it predicts'),
    field('classes', 'list', 'the target’s classes'),
    field('features', 'list', 'the fields that it reads'),
    field('options', 'json', 'the options as typed'),
    field('params', 'json', 'the options as used'),
    field('metrics', 'json', 'each metric with its value'),
    field('metric', 'text', 'the main metric’s name'),
    field('metric_value', 'number', 'its value'),
    field('metric_better', 'text', 'higher or lower'),
    field('size_bytes', 'integer', 'bytes of all its files'),
    field('onnx_bytes', 'integer', 'bytes of its ONNX file'),
    field('onnx_opset', 'integer', 'the operator set that the file needs'),
    field('onnx_tolerance', 'number', 'the largest relative difference to apply'),
    field('onnx_reason', 'text', 'why there is no ONNX file'),
    field('runtime_version', 'text', 'the Kepler that made it'),
  ],
  variants: [
    {
      option: 'file',
      value: 'onnx',
      about: 'The ONNX file of one version (without @<version> the champion’s), in parts of at most 384 KiB.',
      fields: [
        field('part', 'integer', '1, 2 …: join the parts in this order'),
        field('parts', 'integer', 'how many there are'),
        field('bytes', 'integer', 'bytes of the whole file'),
        field('sha256', 'text', 'of the whole file, hexadecimal'),
        field('base64', 'text', 'the part’s bytes'),
      ],
    },
  ],
};

const CLASS = field('class', 'text', 'the class that counts as positive');
const THRESHOLD = field('threshold', 'number', 'from this probability on the class is predicted');
const ROWS = field('rows', 'integer', 'how many rows');
const PREDICTED_LOW = field('predicted_low', 'number', 'lower end of the predicted values');
const PREDICTED_HIGH = field('predicted_high', 'number', 'upper end of the predicted values');

export const METRICS: Noun = {
  name: 'metrics',
  about: 'How well the versions of a model do, a row a version and metric.',
  argument: {
    of: 'model',
    required: true,
    version: 'may',
    about: 'the model; with @<version> that one alone',
  },
  options: [
    option('plot', 'choice', 'the numbers behind a picture of one version (by default the champion)', {
      choices: [
        'confusion',
        'roc',
        'pr',
        'calibration',
        'predicted',
        'residuals',
        'importance',
        'coefficients',
      ],
    }),
    option('plots', 'boolean', 'which pictures the version has'),
    ...OWNER_OPTIONS,
  ],
  answeredBy: 'runtime',
  fields: [
    field('version', 'integer', 'the version'),
    field('metric', 'text', 'the metric’s name'),
    field('value', 'number', 'its value'),
    field('better', 'text', 'higher or lower'),
    field('main', 'boolean', 'whether it is the one that the pages show'),
    field('measured_on', 'text', 'training or holdout'),
  ],
  variants: [
    {
      option: 'plot',
      value: 'confusion',
      about: 'Actual against predicted classes; above 20 classes the 200 largest cells.',
      fields: [field('actual', 'text', 'the class'), field('predicted', 'text', 'the class said'), ROWS],
    },
    {
      option: 'plot',
      value: 'roc',
      about: 'ROC curves, at most 200 points a class.',
      fields: [
        CLASS,
        THRESHOLD,
        field('fpr', 'number', 'false positive rate'),
        field('tpr', 'number', 'true positive rate'),
      ],
    },
    {
      option: 'plot',
      value: 'pr',
      about: 'Precision and recall, at most 200 points a class.',
      fields: [
        CLASS,
        THRESHOLD,
        field('recall', 'number', 'share of the class that was found'),
        field('precision', 'number', 'share of those found that are of the class'),
        field('prevalence', 'number', 'share of the class in all rows'),
      ],
    },
    {
      option: 'plot',
      value: 'calibration',
      about: 'Predicted probability against observed share, in 10 bins a class.',
      fields: [
        CLASS,
        field('bin', 'integer', '1 to 10'),
        field('predicted', 'number', 'mean probability said'),
        field('observed', 'number', 'share of the class'),
        ROWS,
      ],
    },
    {
      option: 'plot',
      value: 'predicted',
      about: 'Predicted against actual values in 40 × 40 cells; empty cells are left out.',
      fields: [
        field('actual_low', 'number', 'lower end of the actual values'),
        field('actual_high', 'number', 'upper end of the actual values'),
        PREDICTED_LOW,
        PREDICTED_HIGH,
        ROWS,
      ],
    },
    {
      option: 'plot',
      value: 'residuals',
      about: 'Quantiles of actual minus predicted, over the predicted values.',
      fields: [
        PREDICTED_LOW,
        PREDICTED_HIGH,
        ROWS,
        ...['05', '25', '50', '75', '95'].map((q) => field(`q${q}`, 'number', `the ${Number(q)} % quantile`)),
      ],
    },
    {
      option: 'plot',
      value: 'importance',
      about: 'What each feature counts for.',
      fields: [
        field('feature', 'text', 'the feature'),
        field('value', 'number', 'its importance'),
        field('spread', 'number', 'its standard deviation, where it has one'),
      ],
    },
    {
      option: 'plot',
      value: 'coefficients',
      about: 'The coefficients; the intercept is the feature _intercept.',
      fields: [
        field('output', 'text', 'the class or the target'),
        field('feature', 'text', 'the feature'),
        field('value', 'number', 'its coefficient'),
      ],
    },
    {
      option: 'plots',
      about: 'Which pictures the version has.',
      fields: [
        field('plot', 'text', 'what plot= takes'),
        field('rows', 'integer', 'how many rows that gives'),
      ],
    },
  ],
};
