/**
 * Templates of users, on the disk. A version is written aside and renamed into place, so it appears whole or not at all, and
 * never changes: a model goes on with the version that it was trained with.
 *
 *   <folder>/<Name>/<n>/   source.ts, bundle.cjs, manifest.json
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import type { Need } from '../contract/requests.ts';
import type { ParamsSchema, TemplateKind } from '../contract/template.ts';
import { makeAside } from '../registry/aside.ts';
import { syncFolder, writeDurable } from '../registry/durable-files.ts';

export type Language = 'typescript' | 'python';

/** Which of the optional functions it has. */
export interface TemplateAbilities {
  readonly partialFit: boolean;
  readonly summary: boolean;
  readonly evaluate?: boolean;
  readonly explain?: boolean;
  readonly toOnnx?: boolean;
}

/** What is written down of a version. */
export interface TemplateManifest {
  readonly name: string;
  readonly version: number;
  readonly language: Language;
  readonly kind: TemplateKind;
  readonly description: string;
  readonly params: ParamsSchema;
  /** Helpers in the runtime that it may call. */
  readonly needs?: readonly Need[];
  readonly can: TemplateAbilities;
  /** 'none': it gets the rows of a search as they are. */
  readonly prepare?: 'none';
  /** The source file's name, as its author called it. */
  readonly source: string;
  /** Of a template in Python: `dsdl` where it is written in that app's convention, which tries out less. */
  readonly convention?: 'dsdl';
  /** Of a template in Python that names packages: the hash of its lock, and so of the environment that it runs in. */
  readonly environment?: string;
  /** SHA-256 of each file, hexadecimal. */
  readonly files: Readonly<Record<string, string>>;
  readonly publishedAt: string;
}

export type TemplateDraft = Omit<TemplateManifest, 'version' | 'files' | 'publishedAt'>;

const MANIFEST = 'manifest.json';

/** As users call it in a search, and as its file is called. */
export const TEMPLATE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

export class TemplateStore {
  readonly folder: string;
  readonly #manifests = new Map<string, TemplateManifest>();

  constructor(folder: string) {
    this.folder = folder;
  }

  names(): string[] {
    return entries(this.folder)
      .filter((name) => TEMPLATE_NAME.test(name))
      .sort();
  }

  /** Numbers of the versions that are there, rising. */
  versions(name: string): number[] {
    if (!TEMPLATE_NAME.test(name)) return [];
    return entries(join(this.folder, name))
      .filter((entry) => /^[1-9]\d*$/.test(entry))
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** The newest version, which the next fit takes; undefined where there is no such template. */
  current(name: string): TemplateManifest | undefined {
    const newest = this.versions(name).at(-1);
    return newest === undefined ? undefined : this.manifest(name, newest);
  }

  /** @throws KeplerError template_invalid where the version is not there or not whole */
  manifest(name: string, version: number): TemplateManifest {
    const key = `${name}@${version}`;
    let manifest = this.#manifests.get(key);
    if (!manifest) {
      try {
        manifest = JSON.parse(
          readFileSync(join(this.path(name, version), MANIFEST), 'utf8'),
        ) as TemplateManifest;
      } catch (error) {
        throw new KeplerError(
          'template_invalid',
          `Version ${version} of the template ${name} cannot be read (${(error as Error).message}). Models that were trained with it need it: restore ${this.path(name, version)} from a backup.`,
          { cause: error },
        );
      }
      this.#manifests.set(key, manifest);
    }
    return manifest;
  }

  path(name: string, version: number): string {
    return join(this.folder, name, String(version));
  }

  /** Makes the next version of a template from its files. */
  async publish(
    draft: TemplateDraft,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<TemplateManifest> {
    const aside = await makeAside(join(this.folder, '.aside'));
    const sums: Record<string, string> = {};
    for (const [name, content] of Object.entries(files)) {
      await writeDurable(join(aside, name), content);
      sums[name] = createHash('sha256').update(content).digest('hex');
    }
    const home = join(this.folder, draft.name);
    await mkdir(home, { recursive: true, mode: 0o755 });
    const version = (this.versions(draft.name).at(-1) ?? 0) + 1;
    const manifest = { ...draft, version, files: sums, publishedAt: new Date().toISOString() };
    await writeDurable(join(aside, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await syncFolder(aside);
    await rename(aside, this.path(draft.name, version));
    await syncFolder(home);
    return manifest;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
