/**
 * What a model version keeps of how well it does, beside its metrics: the numbers behind the pictures, binned where the fit
 * saw the rows. It is written once and read by `plotTable`; at most some tens of kilobytes whatever the rows were.
 */
import { KeplerError } from '../../contract/errors.ts';

/** The file of a version that holds it, as JSON. */
export const EVALUATION_FILE = 'evaluation.json';

export type MeasuredOn = 'training' | 'holdout';

/** A curve of one class against all others. */
export interface ClassCurve {
  readonly class: string;
  /** The class's share of the rows. */
  readonly prevalence: number;
  /** Threshold (null: beyond every score), false and true positive rate. */
  readonly roc: readonly (readonly [number | null, number, number])[];
  /** Threshold (null: beyond every score), recall, precision. */
  readonly pr: readonly (readonly [number | null, number, number])[];
  /** Bin from 1, mean predicted probability, observed share, rows. */
  readonly calibration: readonly (readonly [number, number, number, number])[];
}

export interface Evaluation {
  readonly format: 1;
  readonly measuredOn: MeasuredOn;
  /** Rows that the metrics were measured on. */
  readonly rows: number;
  /** Rows that curves and bands were made of, where it was an even sample of them. */
  readonly sampledRows?: number;
  /** Why there are no pictures, or not all of them, in a sentence. */
  readonly note?: string;
  readonly confusion?: {
    readonly classes: readonly string[];
    /** Places of the actual and the predicted class, rows. */
    readonly cells: readonly (readonly [number, number, number])[];
    /** Rows in cells that were left out. */
    readonly left: number;
  };
  readonly curves?: readonly ClassCurve[];
  readonly predicted?: {
    readonly low: number;
    /** Width of a cell. */
    readonly step: number;
    /** Places of the actual and the predicted value, rows. */
    readonly cells: readonly (readonly [number, number, number])[];
  };
  /** Lowest and highest prediction of a band, its rows, and the quantiles 0.05, 0.25, 0.5, 0.75, 0.95 of actual less predicted. */
  readonly residuals?: readonly (readonly number[])[];
  /** Feature, importance, its standard deviation over trees. */
  readonly importance?: readonly (readonly [string, number, number | null])[];
  readonly coefficients?: {
    /** Whether all features come from StandardScaler, so that their sizes can be compared. */
    readonly standardised: boolean;
    /** Output (target or class), feature (`_intercept` is the constant), coefficient. */
    readonly rows: readonly (readonly [string, string, number])[];
    /** Coefficients that were left out, the smallest. */
    readonly left: number;
  };
}

export function encodeEvaluation(evaluation: Evaluation): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(evaluation)}\n`);
}

/** @throws KeplerError model_damaged where the bytes are no evaluation that this runtime reads */
export function decodeEvaluation(bytes: Uint8Array): Evaluation {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new KeplerError('model_damaged', `${EVALUATION_FILE} is not JSON; fit the model again.`, { cause });
  }
  const { format } = (value ?? {}) as Partial<Evaluation>;
  if (format === 1) return value as Evaluation;
  throw new KeplerError(
    'model_damaged',
    `${EVALUATION_FILE} is of the form ${JSON.stringify(format)}, which this runtime does not read; it reads 1. Upgrade the runtime.`,
  );
}

/** Six digits: what a picture needs, and a third of the bytes. */
export function sixDigits(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
}
