import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DescribeReply } from '../contract/workbench.ts';
import { stageDraft } from './draft.ts';
import type { WorkbenchServices } from './services.ts';

/**
 * What a source says of itself once it is loaded: its kind and its options, for the form.
 * @param options tryOut: also tries it on made-up rows
 * @throws KeplerError template_invalid, template_failed
 */
export async function describeSource(
  services: WorkbenchServices,
  file: string,
  text: string,
  options = { tryOut: false },
): Promise<DescribeReply> {
  const folder = await mkdtemp(join(tmpdir(), 'kepler-describe-'));
  try {
    const { name, kind, description, params } = await stageDraft(services, folder, file, text, options);
    return { name, kind, description, options: params.properties };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
