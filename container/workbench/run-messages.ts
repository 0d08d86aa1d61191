/** What the workbench and the thread of a run say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { ErrorCode } from '../contract/errors.ts';
import type { FitSpec } from '../contract/requests.ts';
import type { RunResult } from '../contract/workbench.ts';
import type { JobSettings } from '../jobs/types.ts';
import type { Principal } from '../registry/types.ts';

export interface RunOrder {
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** With folders of the run's own for templates and models. */
  readonly settings: JobSettings;
  /** To the helpers that templates call. */
  readonly calls?: MessagePort;
  readonly principal: Principal;
  readonly data: string;
  readonly spec: FitSpec;
}

/** What a run that went well found out. */
export type RunFindings = Pick<
  RunResult,
  | 'messages'
  | 'timing'
  | 'rows'
  | 'trainedRows'
  | 'metrics'
  | 'measuredOn'
  | 'table'
  | 'made'
  | 'summary'
  | 'explained'
  | 'plots'
  | 'classes'
>;

export type FromRun =
  | { readonly stage: string; readonly share?: number }
  | {
      readonly log: {
        readonly level: string;
        readonly text: string;
        readonly fields?: Readonly<Record<string, unknown>>;
      };
    }
  | { readonly found: RunFindings }
  | {
      readonly failed: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly stack?: string;
        readonly timing: RunResult['timing'];
      };
    };
