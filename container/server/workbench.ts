/** The workbench as part of the runtime: only in mode dev, and only for whoever comes by a link from Splunk. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Router } from 'express';
import type { HelperDesk } from '../templates/helper-desk.ts';
import { Runs } from '../workbench/runs.ts';
import { createWorkbench } from '../workbench/router.ts';
import { Sessions } from '../workbench/sessions.ts';
import type { WorkbenchServices } from '../workbench/services.ts';
import type { Audit } from './audit.ts';
import type { Log } from './log.ts';
import type { ServerSettings } from './settings.ts';
import type { UserTemplates } from './user-templates.ts';

export interface Workbench {
  readonly router: Router;
  readonly sessions: Sessions;
  close(): Promise<void>;
}

/** Undefined in mode prod. */
export async function openWorkbench(
  settings: ServerSettings,
  { log, audit, templates, desk }: { log: Log; audit: Audit; templates: UserTemplates; desk: HelperDesk },
): Promise<Workbench | undefined> {
  if (settings.mode !== 'dev') return undefined;
  const services: WorkbenchServices = {
    home: join(settings.home, 'workbench'),
    sources: settings.templateSources,
    store: templates.publishing.store,
    errors: () => templates.errors,
    publish: (file, rows) => templates.publish(file, rows),
    trials: templates.trials,
    publishing: templates.publishing,
    jobs: settings.jobs,
    page: fileURLToPath(new URL('../workbench', import.meta.url)),
    serve: (port, principal, run) => desk.serve(port, () => ({ principal, sid: run, service: true })),
    audited: (principal, verb, name, change) =>
      audit.of({ ...principal, sid: 'workbench' }, { verb, name, options: {} }, change, () => [
        { object: name, change: verb, before: null, after: null },
      ]),
    warn: (fields, text) => log.warn(fields, text),
  };
  const sessions = new Sessions();
  const runs = new Runs(services);
  await runs.sweep();
  return { router: createWorkbench(services, sessions, runs), sessions, close: () => runs.close() };
}
