import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DescribeReply } from '../contract/workbench.ts';
import type { TemplateManifest } from '../templates/store.ts';
import { stageDraft } from './draft.ts';
import type { DraftOptions } from './draft.ts';
import type { WorkbenchServices } from './services.ts';

/** What a source says of itself once it is loaded: its kind and its options, for the form. @throws KeplerError template_invalid */
export async function describeSource(
  services: WorkbenchServices,
  file: string,
  text: string,
): Promise<DescribeReply> {
  const { name, kind, description, params } = await loaded(services, file, text, { tryOut: false });
  return { name, kind, description, options: params.properties };
}

/** A draft that nobody keeps. @throws KeplerError template_invalid, template_failed */
export async function loaded(
  services: WorkbenchServices,
  file: string,
  text: string,
  options: DraftOptions,
): Promise<TemplateManifest> {
  const folder = await mkdtemp(join(tmpdir(), 'kepler-describe-'));
  try {
    return await stageDraft(services, folder, file, text, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
