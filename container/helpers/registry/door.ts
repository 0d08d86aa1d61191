/** What the helper asks of a registry, whichever it is. */
import type { KeplerError } from '../../contract/errors.ts';

/** A version that was found. */
export interface ModelInfo {
  readonly registry: 'kepler' | 'mlflow';
  readonly name: string;
  readonly version: number;
  /** Kepler: of which namespace and whose. */
  readonly namespace?: string;
  readonly owner?: string;
  readonly algorithm?: string;
  readonly aliases: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly features?: readonly string[];
  readonly target?: string;
  readonly createdAt?: string;
  /** MLflow: the run. */
  readonly run?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A version that a template makes itself, beside the one that its fit makes. */
export interface NewModel {
  /** As `into` takes it: `m`, `app:m`. */
  readonly name: string;
  /** What its columns of features are called. */
  readonly features: readonly string[];
  /** Of a template with `prepare: 'none'`: those of the features that hold text. */
  readonly texts?: readonly string[];
  readonly target?: { readonly name: string; readonly classes?: readonly string[] };
  readonly params?: Readonly<Record<string, unknown>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, unknown>>;
  readonly alias?: string;
  /** Whether `champion` moves to it; yes unless said otherwise. */
  readonly promote?: boolean;
}

export interface RegistryDoor {
  /** @param state the template's model @param graph ONNX, where it has one */
  logModel(
    model: NewModel,
    state: Uint8Array,
    who: RegistryCaller,
  ): Promise<{ name: string; version: number }>;
  /** @returns the version, and the template's model where the template is the one that asks */
  loadModelVersion(reference: string, who: RegistryCaller): Promise<{ info: ModelInfo; state?: Uint8Array }>;
  /** All versions of a model, where the reference names none. */
  versions(reference: string, who: RegistryCaller): Promise<readonly ModelInfo[]>;
  /** @returns the version that had the alias before */
  promote(
    reference: string,
    alias: string,
    who: RegistryCaller,
  ): Promise<{ version: number; before?: number }>;
}

export interface RegistryCaller {
  readonly principal: { readonly user: string; readonly app: string };
  readonly sid: string;
  /** What the caller may do with whose model. */
  may(
    action: 'read' | 'write',
    whose: { readonly namespace: 'user' | 'app'; readonly owner: string },
  ): boolean;
  /** Who asks. */
  readonly template: { readonly name: string; readonly version: number };
}

export type WhichRegistry = 'kepler' | 'mlflow' | 'both';

/** A registry that was to be told as well, and could not be. */
export type Complain = (error: KeplerError) => void;
