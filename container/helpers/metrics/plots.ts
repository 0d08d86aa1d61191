import { gainsCurve, precisionRecallCurve, rocCurve, scoreCounts } from './binary-curve.ts';
import type { GainsCurve, PrecisionRecallCurve, RocCurve } from './binary-curve.ts';
import { calibrationCurve } from './calibration.ts';
import type { CalibrationBin } from './calibration.ts';
import { checkLabels, checkLengths, numbersOf, weightsOf } from './check-input.ts';
import { confusionCounts } from './class-counts.ts';
import { KeplerError } from '../../contract/errors.ts';
import { codeValues, labelText } from './labels.ts';
import type { Label } from './labels.ts';

export interface ConfusionMatrix {
  readonly classes: readonly string[];
  /** Rows, or their weight: `counts[actual][predicted]`. */
  readonly counts: readonly (readonly number[])[];
}

/** Rows by actual and predicted class. @throws KeplerError invalid_data */
export function confusionMatrix(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  options: { readonly labels?: readonly Label[]; readonly sampleWeight?: ArrayLike<number> } = {},
): ConfusionMatrix {
  checkLengths(actual, predicted, 'The confusion matrix');
  const columns = [checkLabels(actual, 'The actual class'), checkLabels(predicted, 'The predicted class')];
  const { classes, codes } = codeValues(columns, options.labels);
  const weights = weightsOf(options.sampleWeight, actual.length);
  const flat = confusionCounts(codes[0], codes[1], classes.length, weights);
  return {
    classes,
    counts: classes.map((_, k) => [...flat.subarray(k * classes.length, (k + 1) * classes.length)]),
  };
}

export interface Curves {
  readonly roc: RocCurve;
  readonly pr: PrecisionRecallCurve;
  readonly gains: GainsCurve;
  /** Only where all scores are probabilities. */
  readonly calibration?: readonly CalibrationBin[];
}

/**
 * The curves of a score that tells the rows of one class from all others: ROC and precision-recall as scikit-learn's
 * roc_curve and precision_recall_curve, cumulative gains, and calibration as its calibration_curve.
 *
 * @throws KeplerError invalid_data; invalid_arguments where `posLabel` is no class
 */
export function curvesOf(
  actual: ArrayLike<Label>,
  scores: ArrayLike<number>,
  options: {
    readonly posLabel?: Label;
    readonly sampleWeight?: ArrayLike<number>;
    /** Bins of the calibration; 10 where not given. */
    readonly bins?: number;
  } = {},
): Curves {
  checkLengths(actual, scores, 'Curves');
  const { classes, codes } = codeValues([checkLabels(actual, 'The actual class')]);
  const values = numbersOf(scores, 'The score');
  const weights = weightsOf(options.sampleWeight, values.length);
  const positive =
    options.posLabel === undefined ? classes.length - 1 : classes.indexOf(labelText(options.posLabel));
  if (positive < 0) {
    throw new KeplerError(
      'invalid_arguments',
      `posLabel ${JSON.stringify(options.posLabel)} is none of the classes: ${classes.slice(0, 5).join(', ')}.`,
    );
  }
  const counts = scoreCounts(values, codes[0], positive, weights);
  return {
    roc: rocCurve(counts),
    pr: precisionRecallCurve(counts),
    gains: gainsCurve(counts),
    ...(values.every((value) => value >= 0 && value <= 1) && {
      calibration: calibrationCurve(values, codes[0], positive, options.bins, weights),
    }),
  };
}
