/** The helpers that templates call in the runtime, put together from the runtime's parts. */
import { MlflowDoor, registryMethods } from '../helpers/registry/index.ts';
import { splunkMethods } from '../helpers/splunk/index.ts';
import { mayRead, mayWrite } from '../registry/access.ts';
import type { ModelChanges } from '../registry/model-changes.ts';
import type { Registry } from '../registry/registry.ts';
import type { Principal } from '../registry/types.ts';
import { HelperDesk } from '../templates/helper-desk.ts';
import { TemplateStore } from '../templates/store.ts';
import type { Audit } from './audit.ts';
import type { Log } from './log.ts';
import { OwnRegistry } from './own-registry.ts';
import type { ServerSettings } from './settings.ts';
import type { TelemetryService } from './telemetry/service.ts';

export interface HelperParts {
  readonly log: Log;
  readonly registry: Registry;
  readonly changes: ModelChanges;
  readonly audit: Audit;
  /** It comes to be after the desk. */
  readonly telemetry: () => TelemetryService;
}

export interface Helpers {
  readonly desk: HelperDesk;
  close(): Promise<void>;
}

export function openHelpers(
  settings: ServerSettings,
  { log, registry, changes, audit, telemetry }: HelperParts,
): Helpers {
  const { which, mlflow } = settings.registry;
  const door = mlflow && new MlflowDoor(mlflow);
  const splunk = splunkMethods({ settings: settings.splunk, index: () => telemetry().index });
  const models = registryMethods<Principal>({
    which,
    kepler: new OwnRegistry({
      registry,
      changes,
      templates: new TemplateStore(settings.jobs.templateFolder),
      maxBytes: settings.jobs.maxModelMb * 2 ** 20,
      audited: ({ principal, sid }, verb, name, change) =>
        audit.of({ ...(principal as Principal), sid }, { verb, name, options: {} }, change, (done) => done),
    }),
    mlflow: door,
    may: (principal, action, whose) =>
      (action === 'read' ? mayRead : mayWrite)({ ...whose, name: '' }, principal),
    complain: (error) => log.warn({ err: error }, 'MLflow did not take what a template logged'),
  });
  const desk = new HelperDesk({ splunk, registry: models }, (error) =>
    log.warn({ err: error }, 'a helper that a template called failed'),
  );
  return { desk, close: async () => door?.close() };
}
