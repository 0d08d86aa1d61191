import type { Jobs } from '../jobs/types.ts';
import type { ModelChanges } from '../registry/model-changes.ts';
import type { DatasetStore } from '../registry/datasets/dataset-store.ts';
import type { ModelIndex } from '../registry/model-index.ts';
import type { Registry } from '../registry/registry.ts';
import type { Audit } from './audit.ts';
import type { Authenticator, Identity } from './authenticate.ts';
import type { Connections } from './connections.ts';
import type { LoopMonitor } from './event-loop.ts';
import type { FitsToMlflow } from './fits-to-mlflow.ts';
import type { Enrolment } from './enrolment.ts';
import type { JobLog } from './job-log.ts';
import type { Log } from './log.ts';
import type { ServerSettings } from './settings.ts';
import type { TelemetryService } from './telemetry/service.ts';
import type { UserTemplates } from './user-templates.ts';
import type { Usage } from './usage/usage.ts';
import type { Workbench } from './workbench.ts';

/** What routes work with; put together in `runtime.ts`. */
export interface Services {
  readonly settings: ServerSettings;
  readonly log: Log;
  readonly jobs: Jobs;
  readonly registry: Registry;
  readonly changes: ModelChanges;
  readonly index: ModelIndex;
  readonly datasets: DatasetStore;
  readonly usage: Usage;
  readonly telemetry: TelemetryService;
  readonly mlflow: FitsToMlflow;
  readonly templates: UserTemplates;
  readonly audit: Audit;
  readonly enrolment: Enrolment;
  readonly authenticator: Authenticator;
  readonly connections: Connections;
  readonly jobLog: JobLog;
  readonly loop: LoopMonitor;
  /** Only in mode dev. */
  readonly workbench?: Workbench;
  /** Where it listens, once it does. */
  urls(): readonly string[];
  /** `stopping`: jobs may still finish; `closed`: nothing is taken any more. */
  phase(): 'running' | 'stopping' | 'closed';
}

declare module 'express-serve-static-core' {
  interface Locals {
    /** Set by authentication, before any route under /v1. */
    identity: Identity;
  }
}
