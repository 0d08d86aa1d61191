import type { FitSpec, RawOptions } from '../../contract/requests.ts';
import type { ModelId } from '../types.ts';

/** A field of a data set as the search had it: a number is a double, a text is UTF-8; either may be null. */
export interface DatasetField {
  readonly name: string;
  readonly kind: 'number' | 'text';
  /** What the `fit` that staged it would do with the field. */
  readonly role: 'target' | 'feature' | 'by' | 'holdout_by';
  readonly nulls: number;
}

/** What is written down of a version besides its rows; immutable. */
export interface DatasetManifest {
  readonly id: ModelId;
  readonly version: number;
  readonly createdAt: string;
  /** From then on nobody sees it, and its rows are removed. */
  readonly expiresAt: string;
  /** Who staged it, in which app, by which search. */
  readonly user: string;
  readonly app: string;
  readonly sid: string;
  readonly search?: string;
  readonly earliest?: string;
  readonly latest?: string;
  readonly rows: number;
  readonly fields: readonly DatasetField[];
  /** The template that it was staged for; there need not be one of this name yet. */
  readonly template: string;
  /** Options of the template as they were typed, without those that every fit has. */
  readonly options: RawOptions;
  /** The whole `fit`, so that it can be run again on these rows. */
  readonly spec: FitSpec;
  readonly file: { readonly bytes: number; readonly sha256: string };
}

export type DatasetDraft = Omit<DatasetManifest, 'id' | 'version' | 'createdAt' | 'rows' | 'file'>;
