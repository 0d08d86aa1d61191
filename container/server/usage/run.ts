import type { ErrorCode } from '../../contract/errors.ts';
import type { Namespace, TellAs } from '../../contract/requests.ts';

export type RunKind = 'fit' | 'apply' | 'score' | 'sample' | 'summary';

/** The model that a run made or read. */
export interface RunModel {
  readonly namespace: Namespace;
  /** The user or the app that it belongs to. */
  readonly owner: string;
  readonly name: string;
  readonly version?: number;
}

/** One search command's use of the runtime, from its first chunk to its end. */
export interface Run {
  /** When it ended, seconds since 1970. */
  readonly time: number;
  readonly kind: RunKind;
  readonly model?: RunModel;
  readonly user: string;
  readonly app: string;
  readonly sid: string;
  readonly rows: number;
  /** Milliseconds that the runtime took, without the waiting for the next rows. */
  readonly ms: number;
  /** Milliseconds by stage, as the replies told: `train_ms`, `queue_ms` …; not kept in the log of runs. */
  readonly stages?: Readonly<Record<string, number>>;
  /** What was fitted, or what the model was fitted with; not kept in the log of runs, nor is what follows. */
  readonly algorithm?: string;
  readonly tell?: TellAs;
  readonly status: 'ok' | 'error' | 'cancelled';
  readonly code?: ErrorCode;
  readonly message?: string;
}

/** What a run is counted under: what applied a model under the model itself, its fits and summaries apart. */
export function countKey({ kind, model }: Pick<Run, 'kind' | 'model'>): string {
  if (!model) return '';
  return kind === 'apply' ? modelKey(model) : `${modelKey(model)}${kind}`;
}

/** The model's key in what `countKey` gave. */
export function modelIn(key: string): string {
  return key.slice(0, key.lastIndexOf(']') + 1);
}

/** Names a model in maps and files. */
export function modelKey({ namespace, owner, name }: Pick<RunModel, 'namespace' | 'owner' | 'name'>): string {
  return JSON.stringify([namespace, owner, name]);
}
