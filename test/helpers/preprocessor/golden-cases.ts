import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RawTable } from '../../../container/contract/template.ts';
import {
  clipOutliers,
  datetimeFeatures,
  encodeCategorical,
  handleMissing,
  scale,
  tableOf,
  textFeatures,
} from '../../../container/helpers/preprocessor/index.ts';

export type Values = (number | string | null)[];
export interface Golden {
  readonly name: string;
  readonly step: keyof typeof STEPS;
  readonly options: Record<string, unknown>;
  /** Places of tables. */
  readonly train: number;
  readonly test: number;
  readonly target?: (number | string)[];
  readonly fitted: (number | null)[][];
  readonly scored: (number | null)[][];
  readonly inverse?: Values[];
  readonly lambdas?: number[];
  /** Names of the columns that come out. */
  readonly names?: string[];
}

export const { tables, cases } = JSON.parse(
  readFileSync(path.join(__dirname, '../../goldens/preprocessor/goldens.json'), 'utf8'),
) as { tables: Values[][]; cases: Golden[] };

export const STEPS = {
  scale,
  missing: handleMissing,
  encode: encodeCategorical,
  clip: clipOutliers,
  datetime: datetimeFeatures,
  text: textFeatures,
};

export function tableFrom(columns: Values[]): RawTable {
  return tableOf(Object.fromEntries(columns.map((values, i) => [`c${i}`, values])));
}
