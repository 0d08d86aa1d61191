import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cohenKappa } from '../../../container/helpers/metrics/agreement.ts';
import { averagePrecision, rocArea } from '../../../container/helpers/metrics/binary-curve.ts';
import { confusionCounts } from '../../../container/helpers/metrics/class-counts.ts';
import { calculateClassificationMetrics } from '../../../container/helpers/metrics/classification-report.ts';
import type { ClassificationOptions } from '../../../container/helpers/metrics/classification-report.ts';
import { calculateClusteringMetrics } from '../../../container/helpers/metrics/clustering-report.ts';
import { codeValues } from '../../../container/helpers/metrics/labels.ts';
import type { Label } from '../../../container/helpers/metrics/labels.ts';
import { confusionMatrix, curvesOf } from '../../../container/helpers/metrics/plots.ts';
import { microScore } from '../../../container/helpers/metrics/probability-scores.ts';
import { calculateRankingMetrics } from '../../../container/helpers/metrics/ranking-report.ts';
import { calculateRegressionMetrics } from '../../../container/helpers/metrics/regression-report.ts';

type Golden = number | 'NaN' | 'Infinity' | '-Infinity';
type Values = Record<string, Golden>;
interface Named {
  readonly name: string;
  readonly weights?: number[];
  readonly values: Values;
}
interface Goldens {
  readonly regression: (Named & { actual: number[]; predicted: number[]; alpha: number })[];
  readonly classification: (Named & {
    actual: Label[];
    predicted: Label[];
    labels?: Label[];
    average?: ClassificationOptions['average'];
    pos?: Label;
    beta?: number;
    zero: Golden;
    multi?: 'ovr' | 'ovo';
    proba?: number[][];
    micro?: Values;
    top2?: number;
    classes: (Values & { class: string })[];
    confusion: number[][];
    kappa: Record<'linear' | 'quadratic', Golden>;
  })[];
  readonly curves: (Omit<Named, 'values'> & {
    actual: number[];
    scores: number[];
    bins: number;
    roc: Record<string, Golden[]>;
    pr: Record<string, Golden[]>;
    calibration?: Record<string, Golden[]>;
  })[];
  readonly clustering: (Named & { clusters: number[]; truth?: number[]; features?: number[][] })[];
  readonly ranking: (Named & { relevance: number[][]; scores: number[][] })[];
}

const goldens = JSON.parse(
  readFileSync(path.join(__dirname, '../../goldens/metrics/goldens.json'), 'utf8'),
) as Goldens;

/** Equal to 1e-12, relative above 1. */
function expectNear(got: number | undefined, want: Golden, what: string): void {
  const wanted = Number(want);
  const near =
    got !== undefined &&
    (Object.is(got, wanted) || Math.abs(got - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)));
  if (!near) throw new Error(`${what}: ${String(got)} instead of ${String(want)}`);
}

function expectValues(got: Readonly<Record<string, unknown>>, want: Values, what: string): void {
  for (const [name, value] of Object.entries(want)) {
    expectNear(got[name] as number | undefined, value, `${what}, ${name}`);
  }
}

function expectLists(got: readonly number[], want: readonly Golden[], what: string): void {
  if (got.length !== want.length) throw new Error(`${what}: ${got.length} values instead of ${want.length}`);
  want.forEach((value, i) => expectNear(got[i], value, `${what}, place ${i}`));
}

test.each(goldens.regression.map((golden) => [golden.name, golden] as const))(
  'predicted numbers: %s',
  (name, { actual, predicted, weights, alpha, values }) => {
    const report = calculateRegressionMetrics(actual, predicted, { sampleWeight: weights, alpha });
    expectValues(report.values, values, name);
    expect(Object.keys(report.values).sort()).toEqual(Object.keys(values).sort());
    expect(report.main).toEqual({ name: 'r2', value: report.values.r2, better: 'higher' });
  },
);

test.each(goldens.classification.map((golden) => [golden.name, golden] as const))(
  'predicted classes: %s',
  (name, golden) => {
    const { actual, predicted, labels, weights, average, proba } = golden;
    const options: ClassificationOptions = {
      labels,
      average,
      posLabel: golden.pos,
      beta: golden.beta,
      sampleWeight: weights,
      zeroDivision: Number(golden.zero),
      multiClass: golden.multi,
      probabilities: proba?.length === 1 ? proba[0] : proba,
      topK: proba && proba.length > 1 ? 2 : undefined,
    };
    const report = calculateClassificationMetrics(actual, predicted, options);
    expectValues(report.values, golden.values, name);
    golden.classes.forEach((row, k) => {
      const { class: label, ...scores } = row;
      expect(report.classes?.[k].class).toBe(label);
      expectValues(report.classes?.[k] as unknown as Values, scores as Values, `${name}, class ${label}`);
    });
    if (golden.top2 !== undefined) expectNear(report.values.top_k_accuracy, golden.top2, `${name}, top 2`);

    const matrix = confusionMatrix(actual, predicted, { labels, sampleWeight: weights });
    matrix.counts.forEach((row, k) => expectLists(row, golden.confusion[k], `${name}, confusion ${k}`));

    const { classes, codes } = codeValues([actual, predicted], labels);
    const rows = weights && Float64Array.from(weights);
    const counts = confusionCounts(codes[0], codes[1], classes.length, rows);
    for (const how of ['linear', 'quadratic'] as const) {
      expectNear(cohenKappa(counts, classes.length, how), golden.kappa[how], `${name}, ${how} kappa`);
    }
    expectNear(cohenKappa(counts, classes.length), golden.values.cohen_kappa, `${name}, kappa`);
    if (golden.micro) {
      const columns = (proba ?? []).map((column) => Float64Array.from(column));
      expectNear(microScore(codes[0], columns, rocArea, rows), golden.micro.roc_auc, `${name}, micro ROC`);
      expectNear(
        microScore(codes[0], columns, averagePrecision, rows),
        golden.micro.average_precision,
        `${name}, micro precision`,
      );
    }
  },
);

test.each(goldens.curves.map((golden) => [golden.name, golden] as const))(
  'curves: %s',
  (name, { actual, scores, weights, bins, roc, pr, calibration }) => {
    const curves = curvesOf(actual, scores, { sampleWeight: weights, bins, posLabel: 1 });
    for (const part of ['fpr', 'tpr', 'thresholds'] as const) {
      expectLists(curves.roc[part], roc[part], `${name}, ROC ${part}`);
    }
    for (const part of ['precision', 'recall', 'thresholds'] as const) {
      expectLists(curves.pr[part], pr[part], `${name}, PR ${part}`);
    }
    if (calibration) {
      for (const part of ['predicted', 'observed'] as const) {
        const got = (curves.calibration ?? []).map((bin) => bin[part]);
        expectLists(got, calibration[part], `${name}, calibration ${part}`);
      }
    }
  },
);

test.each(goldens.clustering.map((golden) => [golden.name, golden] as const))(
  'clusters: %s',
  (name, { clusters, truth, features, values }) => {
    const report = calculateClusteringMetrics(clusters, { truth, features });
    expectValues(report.values, values, name);
    expect(report.warnings).toEqual([]);
  },
);

test.each(goldens.ranking.map((golden) => [golden.name, golden] as const))(
  'ranked lists: %s',
  (name, { relevance, scores, weights, values }) => {
    const report = calculateRankingMetrics(relevance, scores, { k: [1, 3], sampleWeight: weights });
    expectValues(report.values, values, name);
  },
);
