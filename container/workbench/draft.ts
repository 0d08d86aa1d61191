/** A source as it stands in the editor: checked and put, as a version that nobody else sees, where a run finds it. */
import { join } from 'node:path';
import { publishTemplate } from '../templates/publish.ts';
import { TemplateStore } from '../templates/store.ts';
import type { TemplateManifest } from '../templates/store.ts';
import type { WorkbenchServices } from './services.ts';

/** A check that takes longer is stuck. */
const CHECK_SECONDS = 60;

/**
 * @param store folder for the version
 * @param options tryOut: also on made-up rows
 * @throws KeplerError template_invalid, template_failed
 */
export function stageDraft(
  services: WorkbenchServices,
  store: string,
  file: string,
  text: string,
  options: { readonly tryOut: boolean },
): Promise<TemplateManifest> {
  const { publishing, sources } = services;
  const { limits } = publishing;
  return publishTemplate(join(sources, file), text, {
    ...publishing,
    limits: { ...limits, seconds: Math.min(limits.seconds, CHECK_SECONDS) },
    store: new TemplateStore(store),
    tryOut: options.tryOut,
    // It waits for nobody's check: whoever runs it looks on.
    inTurn: undefined,
  });
}
