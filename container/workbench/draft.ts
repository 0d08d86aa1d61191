/** A source as it stands in the editor: checked and put, as a version that nobody else sees, where a run finds it. */
import { join } from 'node:path';
import { publishTemplate } from '../templates/publish.ts';
import { TemplateStore } from '../templates/store.ts';
import type { TemplateManifest } from '../templates/store.ts';
import type { TrialRows } from '../templates/trial-rows.ts';
import type { WorkbenchServices } from './services.ts';

/** A check that takes longer is stuck. */
const CHECK_SECONDS = 60;

export interface DraftOptions {
  /** Also tries it: on these rows, else on its example or made-up ones. */
  readonly tryOut: boolean;
  readonly rows?: TrialRows;
}

/**
 * @param store folder for the version
 * @throws KeplerError template_invalid, template_failed
 */
export function stageDraft(
  services: WorkbenchServices,
  store: string,
  file: string,
  text: string,
  options: DraftOptions,
): Promise<TemplateManifest> {
  const { publishing, sources } = services;
  const { limits } = publishing;
  return publishTemplate(join(sources, file), text, {
    ...publishing,
    limits: { ...limits, seconds: Math.min(limits.seconds, CHECK_SECONDS) },
    store: new TemplateStore(store),
    tryOut: options.tryOut,
    rows: options.rows,
    // The editor marks them, and publishing refuses them.
    types: undefined,
    // It waits for nobody's check: whoever runs it looks on.
    inTurn: undefined,
  });
}
