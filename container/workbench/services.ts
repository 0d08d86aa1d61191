import type { MessagePort } from 'node:worker_threads';
import type { JobSettings } from '../jobs/types.ts';
import type { Principal } from '../registry/types.ts';
import type { PublishOptions } from '../templates/publish.ts';
import type { TemplateManifest, TemplateStore } from '../templates/store.ts';
import type { TrialRows } from '../templates/trial-rows.ts';
import type { Trials } from './trials.ts';

/** What the workbench needs of the runtime that it is part of. */
export interface WorkbenchServices {
  /** State of its own: runs under way. */
  readonly home: string;
  /** Folder that is watched for templates. */
  readonly sources: string;
  readonly store: TemplateStore;
  /** Why the file of a template that was saved last is not served; by the template's name. */
  errors(): ReadonlyMap<string, Error>;
  /** Publishes a file of the folder now, in turn with what was saved otherwise; tried on these rows. @throws KeplerError */
  publish(file: string, rows: TrialRows | undefined): Promise<TemplateManifest>;
  /** On what each template was published last. */
  readonly trials: Trials;
  /** How a source is checked and loaded. */
  readonly publishing: PublishOptions;
  readonly jobs: JobSettings;
  /** Folder of the page's built files. */
  readonly page: string;
  /** Lets the templates behind a port call helpers in the user's name; `run` stands in the place of a search's id. */
  serve?(port: MessagePort, principal: Principal, run: string): void;
  /** Does `change` and writes down who did it. */
  audited<T>(who: Principal, verb: string, name: string, change: () => Promise<T>): Promise<T>;
  warn(fields: object, text: string): void;
}
