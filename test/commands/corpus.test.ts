import { parseApply } from '../../splunk_app/src/commands/apply.ts';
import { parseFit } from '../../splunk_app/src/commands/fit-arguments.ts';
import { Problems } from '../../splunk_app/src/commands/grammar.ts';
import { parseSample } from '../../splunk_app/src/commands/sample.ts';
import { parseScore } from '../../splunk_app/src/commands/score.ts';
import { parseSummary } from '../../splunk_app/src/commands/summary.ts';

/** Searches that people published. Every one must be understood as it stands. */
const CORPUS: readonly [search: string, expected: object][] = [
  [
    'fit DensityFunction api_calls by "user,HourOfDay,isWeekend" into m dist=norm show_density=true',
    {
      by: ['user', 'HourOfDay', 'isWeekend'],
      options: { dist: 'norm', show_density: 'true' },
      fields: ['api_calls'],
    },
  ],
  [
    'fit DensityFunction instances_destroyed by "HourOfDay,isWeekend" into m dist=expon show_density=true',
    { by: ['HourOfDay', 'isWeekend'] },
  ],
  [
    'fit DensityFunction processlen by user into cmdline_pdfmodel',
    { by: ['user'], into: { namespace: 'user', name: 'cmdline_pdfmodel' } },
  ],
  ['fit DensityFunction n threshold=0.0005 into m', { options: { threshold: '0.0005' }, fields: ['n'] }],
  ['summary m', { model: { namespace: 'user', name: 'm', explicitNamespace: false } }],
  ['apply m threshold=0.005', { options: { threshold: '0.005' } }],
  ['apply smb_pdfmodel threshold=0.001', { options: { threshold: '0.001' } }],
  ['apply unusual_commandline_detection', {}],
  ['apply pretrained_dga_model_dsdl', {}],
  ['apply app:m upper_threshold="0.01"', { options: { upper_threshold: '0.01' } }],
  [
    'fit DensityFunction ids_attacks by signature partial_fit=true dist=norm into app:count_by_signature_1h',
    { partialFit: true, by: ['signature'], into: { namespace: 'app', name: 'count_by_signature_1h' } },
  ],
  [
    'fit DensityFunction rba.score lower_threshold=0.01 upper_threshold=0.02 into m by factor',
    { fields: ['rba.score'], by: ['factor'], options: { lower_threshold: '0.01', upper_threshold: '0.02' } },
  ],
  [
    'fit StateSpaceForecast "Commited_AS" output_metadata=true holdback=0 forecast_k=3 into "app:commitas"',
    { fields: ['Commited_AS'], into: { namespace: 'app', name: 'commitas' } },
  ],
  ['fit StateSpaceForecast CRM ERP Expenses holdback=12 into SF', { fields: ['CRM', 'ERP', 'Expenses'] }],
  [
    'fit RandomForestClassifier asset_role from port_* into flux_model',
    { targets: ['asset_role'], fields: ['port_*'] },
  ],
  [
    'fit LinearRegression into "m" "y" from "a" "b"',
    { targets: ['y'], fields: ['a', 'b'], into: { namespace: 'user', name: 'm' } },
  ],
  [
    'fit HashingVectorizer t max_features=1000 ngram_range=1-2 stop_words=english reduce=false',
    { options: { max_features: '1000', ngram_range: '1-2', stop_words: 'english', reduce: 'false' } },
  ],
  ['apply app:pca', { model: { namespace: 'app', name: 'pca', explicitNamespace: true } }],
  ['sample 10000', { count: 10000 }],
  ['fit TFIDF ua', { fields: ['ua'] }],
  ['fit KMeans k=5 ua_tfidf_*', { fields: ['ua_tfidf_*'], options: { k: '5' } }],
  [
    'fit PCA "SS_SMART_1_Raw", "SS_SMART_2_Raw" k=2 into m',
    { fields: ['SS_SMART_1_Raw', 'SS_SMART_2_Raw'], options: { k: '2' } },
  ],
  ['fit NPR DiskFailure from Model', { targets: ['DiskFailure'], fields: ['Model'] }],
  [
    'fit SGDClassifier DiskFailure from NPR_* random_state=42 n_iter=2',
    { options: { random_state: '42', n_iter: '2' } },
  ],
  ['score accuracy_score DiskFailure against predicted*', { a: ['DiskFailure'], b: ['predicted*'] }],
  [
    'score accuracy_score vehicleType ~ LR_prediction DT_prediction',
    { b: ['LR_prediction', 'DT_prediction'] },
  ],
  ['apply app:log_continuity_X as predicted', { as: 'predicted' }],
  ['fit ICA m1, m2', { fields: ['m1', 'm2'] }],
];

const PARSERS = {
  fit: parseFit,
  apply: parseApply,
  summary: parseSummary,
  score: parseScore,
  sample: parseSample,
};

describe('published searches', () => {
  it.each(CORPUS)('%s', (search, expected) => {
    const [, command, raw] = /^(\w+) (.*)$/.exec(search)!;
    // As splunkd hands them over: cut at blanks, quotes kept.
    for (const form of [raw, raw.split(' ')]) {
      const problems = new Problems();
      const spec = PARSERS[command as keyof typeof PARSERS](form, false, problems);
      expect(problems.list).toEqual([]);
      expect(spec).toMatchObject(expected);
    }
  });
});
