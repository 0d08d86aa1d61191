import type { Preparation } from '../contract/table.ts';
import type { Params, TemplateKind } from '../contract/template.ts';
import type { AppAccess } from '../contract/token.ts';
import type { Namespace } from '../contract/requests.ts';

/** Who asks, from the verified token. */
export interface Principal {
  readonly user: string;
  readonly app: string;
  readonly roles: readonly string[];
  /** Kepler's own capabilities that the user holds. */
  readonly capabilities: readonly string[];
  readonly acl: AppAccess;
  /** Access to what belongs to other apps, where the search asked for it. */
  readonly apps?: Readonly<Record<string, AppAccess>>;
}

/** A model's full name. `owner` is the user of a user model, the app of an app model. */
export interface ModelId {
  readonly namespace: Namespace;
  readonly owner: string;
  readonly name: string;
}

export interface Lineage {
  readonly sid: string;
  readonly search?: string;
  readonly user: string;
  readonly app: string;
  readonly earliest?: string;
  readonly latest?: string;
  /** Rows received, and rows trained on. */
  readonly rows: number;
  readonly trainedRows: number;
  /** Tells whether two fits saw the same rows, hexadecimal: see jobs/fingerprint.ts. */
  readonly fingerprint: string;
  readonly runtime: string;
}

/** What is written down of a version besides its files; immutable. */
export interface Manifest {
  readonly id: ModelId;
  readonly version: number;
  readonly createdAt: string;
  readonly algorithm: string;
  /** Where the algorithm is a user's template: its version. */
  readonly template?: { readonly version: number };
  readonly kind: TemplateKind;
  /** As typed, and as used after validation and defaults. */
  readonly options: Readonly<Record<string, string>>;
  readonly params: Params;
  readonly preparation: Preparation;
  /** Fields that the rows were grouped by: the state then holds one a group. `preparation.fields` lists them too, as text. */
  readonly by?: readonly string[];
  readonly features: readonly string[];
  readonly target?: {
    readonly name: string;
    readonly kind: 'number' | 'classes';
    readonly classes?: readonly string[];
  };
  readonly metrics: Readonly<Record<string, number>>;
  /** What the metrics were measured on; absent: the training rows. */
  readonly measuredOn?: 'training' | 'holdout';
  readonly lineage: Lineage;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** Files of a version: the encoded state, and the ONNX graph where the template writes one. */
export const STATE_FILE = 'state.bin';
export const ONNX_FILE = 'model.onnx';

export type Draft = Omit<Manifest, 'id' | 'version' | 'createdAt' | 'files'>;
