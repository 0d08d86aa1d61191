import type { Column } from '../../contract/table.ts';
import { KeplerError } from '../../contract/errors.ts';
import { asNumberLabel, codeLabels } from '../classes.ts';
import { averageScores, classScores, countClasses, totalCounts } from '../../helpers/metrics/class-counts.ts';
import type { ClassCounts, ClassScores } from '../../helpers/metrics/class-counts.ts';
import { pairsOf } from '../pairs.ts';
import type { Pair } from '../pairs.ts';
import { POS_LABEL, choice, options } from '../params.ts';
import type { ScoreMethod, Warn } from '../types.ts';

const AVERAGES = ['binary', 'micro', 'macro', 'weighted', 'none'] as const;
type Average = (typeof AVERAGES)[number];
type Measure = 'precision' | 'recall' | 'fbeta';

interface Asked {
  readonly method: string;
  readonly measures: readonly Measure[];
  readonly average: Average;
  readonly posLabel: string;
  readonly beta: number;
}

interface PairScores {
  readonly pair: Pair;
  readonly classes: readonly string[];
  readonly counts: readonly ClassCounts[];
  /** A score a class with average=none, else one. */
  readonly scores: readonly ClassScores[];
}

function classScore(name: string, description: string, measure: Measure): ScoreMethod {
  return {
    name,
    description,
    params: options({
      average: choice('How the scores of the classes become one', AVERAGES, 'binary'),
      pos_label: POS_LABEL,
    }),
    fields: { kind: 'pairs', a: 'labels', b: 'labels' },
    run(input, { average, pos_label }, warn) {
      const asked: Asked = {
        method: name,
        measures: [measure],
        average: average as Average,
        posLabel: String(pos_label),
        beta: 1,
      };
      const results = pairsOf(input).map((pair) => scorePair(pair, asked, warn));
      const head = ['Actual field', 'Predicted field'];
      if (average !== 'none') {
        const rows = results.map(({ pair, scores }) => [pair.a.name, pair.b.name, scores[0][measure]]);
        return { fields: [...head, name], rows };
      }
      const classes = [...new Set(results.flatMap((result) => result.classes))];
      const rows = results.map(({ pair, classes: own, scores }) => [
        pair.a.name,
        pair.b.name,
        ...classes.map((label) => scores[own.indexOf(label)]?.[measure] ?? null),
      ]);
      return { fields: [...head, ...classes.map((label) => `scored(${label})`)], rows };
    },
  };
}

export const precisionScore = classScore(
  'precision_score',
  'Share of the rows predicted as a class that are of it',
  'precision',
);
export const recallScore = classScore(
  'recall_score',
  'Share of the rows of a class that are predicted as such',
  'recall',
);
export const f1Score = classScore('f1_score', 'Harmonic mean of precision and recall', 'fbeta');

export const precisionRecallFscoreSupport: ScoreMethod = {
  name: 'precision_recall_fscore_support',
  description: 'Precision, recall, F score and count of rows, of each class or averaged',
  params: options({
    average: choice('How the scores of the classes become one', AVERAGES, 'none'),
    pos_label: POS_LABEL,
    beta: {
      type: 'number',
      description: 'Weight of recall in the F score',
      default: 1,
      minimum: 0,
    },
  }),
  fields: { kind: 'pairs', a: 'labels', b: 'labels' },
  run(input, { average, pos_label, beta }, warn) {
    const pairs = pairsOf(input);
    if (average === 'none' && pairs.length > 1) {
      throw new KeplerError(
        'invalid_arguments',
        'precision_recall_fscore_support with average=none takes one pair of fields. Score one pair, or give average=binary, micro, macro or weighted.',
      );
    }
    const asked: Asked = {
      method: 'precision_recall_fscore_support',
      measures: ['precision', 'recall', 'fbeta'],
      average: average as Average,
      posLabel: String(pos_label),
      beta: beta as number,
    };
    const results = pairs.map((pair) => scorePair(pair, asked, warn));
    if (average !== 'none') {
      const rows = results.map(({ pair, scores: [{ precision, recall, fbeta }] }) => [
        pair.a.name,
        pair.b.name,
        precision,
        recall,
        fbeta,
        null, // an average has no support of its own
      ]);
      const measures = ['precision', 'recall', 'fbeta_score', 'support'];
      return { fields: ['Actual field', 'Predicted field', ...measures], rows };
    }
    const [{ classes, counts, scores }] = results;
    return {
      fields: ['Metric', ...classes.map((label) => `scored(${label})`)],
      rows: [
        ['precision', ...scores.map(({ precision }) => precision)],
        ['recall', ...scores.map(({ recall }) => recall)],
        ['fbeta_score', ...scores.map(({ fbeta }) => fbeta)],
        ['support', ...counts.map(({ actual }) => actual)],
      ],
    };
  },
};

function scorePair(pair: Pair, asked: Asked, warn: Warn): PairScores {
  const { classes, codes } = codeLabels([pair.a, pair.b]);
  const counts = countClasses(codes[0], codes[1], classes.length);
  const relevant = averaged(pair, classes, counts, asked);
  warnOfNothing(pair, relevant, asked, warn);
  const each = relevant.map((count) => classScores(count, asked.beta));
  const { average } = asked;
  if (average !== 'macro' && average !== 'weighted') return { pair, classes, counts, scores: each };
  return { pair, classes, counts, scores: [averageScores(relevant, each, average)] };
}

/** The counts that are scored one by one: of every class, of the positive one, or added up (micro). */
function averaged(
  { a, b }: Pair,
  classes: readonly string[],
  counts: readonly ClassCounts[],
  { method, average, posLabel }: Asked,
): readonly ClassCounts[] {
  if (average === 'micro') return [totalCounts(counts)];
  if (average !== 'binary') return counts;
  if (classes.length > 2) {
    throw new KeplerError(
      'invalid_arguments',
      `${method}: "${a.name}" and "${b.name}" have ${classes.length} classes, which average=binary cannot score. Give average=micro, macro, weighted or none.`,
    );
  }
  const positive = positiveClass(classes, posLabel, [a, b]);
  if (positive >= 0) return [counts[positive]];
  if (classes.length === 2) throw noPositive(method, posLabel, [a, b], classes);
  return [{ right: 0, predicted: 0, actual: 0 }];
}

/** Index of the class that `pos_label` names, or -1. */
export function positiveClass(
  classes: readonly string[],
  posLabel: string,
  columns: readonly Column[],
): number {
  const numeric = columns.some(({ kind }) => kind === 'number');
  return classes.indexOf(numeric ? asNumberLabel(posLabel) : posLabel);
}

export function noPositive(
  method: string,
  posLabel: string,
  columns: readonly Column[],
  classes: readonly string[],
): KeplerError {
  const names = columns.map(({ name }) => `"${name}"`).join(' or ');
  return new KeplerError(
    'invalid_arguments',
    `${method}: pos_label=${posLabel} is no class of ${names}. Classes are: ${classes.join(', ')}; name one of them with pos_label=.`,
  );
}

function warnOfNothing({ a, b }: Pair, counts: readonly ClassCounts[], asked: Asked, warn: Warn): void {
  const pair = `"${a.name}" against "${b.name}"`;
  const say = (score: string, what: string): void =>
    warn(`${score} of ${pair} is ill-defined and set to 0 for a class with no ${what} rows.`);
  const { measures } = asked;
  if (measures.includes('precision') && counts.some(({ predicted }) => predicted === 0)) {
    say('Precision', 'predicted');
  }
  if (measures.includes('recall') && counts.some(({ actual }) => actual === 0)) say('Recall', 'actual');
  if (measures.includes('fbeta') && counts.some(({ predicted, actual }) => predicted + actual === 0)) {
    say('F score', 'actual or predicted');
  }
}
