/** The folder of templates as the workbench sees it: sources are listed, read, and saved so that nobody overwrites another's work. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import type { TemplateLanguage, TemplateSource } from '../contract/workbench.ts';
import { replaceDurable } from '../registry/durable-files.ts';
import { storageError, unlessMissing } from '../registry/storage-errors.ts';

/** Larger files are no templates, and no browser edits them. */
export const MOST_BYTES = 1024 * 1024;
const FILE = /^([A-Za-z_]\w{0,99})\.(ts|mts|js|mjs|py|ipynb)$/;
/** A template in Python may lie in a folder of its name, with modules and requirements beside it. */
const IN_FOLDER = /^([A-Za-z_]\w{0,99})\/\1\.(py|ipynb)$/;

const LANGUAGES: Readonly<Record<string, TemplateLanguage>> = {
  ts: 'typescript',
  mts: 'typescript',
  js: 'typescript',
  mjs: 'typescript',
  py: 'python',
  ipynb: 'notebook',
};

/** The template's name and the language of a file; undefined for what is no template. */
export function templateOf(file: string): { name: string; language: TemplateLanguage } | undefined {
  const [, name, extension] = FILE.exec(file) ?? IN_FOLDER.exec(file) ?? [];
  return name === undefined ? undefined : { name, language: LANGUAGES[extension] };
}

export class Sources {
  readonly folder: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The files that are templates, by name. */
  async list(): Promise<string[]> {
    const entries = await unlessMissing(readdir(this.folder, { withFileTypes: true }), []);
    const files = await Promise.all(
      entries.map(async (entry) => {
        if (FILE.test(entry.name)) return [entry.name];
        if (!entry.isDirectory()) return [];
        const inside = await unlessMissing(readdir(join(this.folder, entry.name)), []);
        return inside.map((name) => `${entry.name}/${name}`).filter((file) => IN_FOLDER.test(file));
      }),
    );
    return files.flat().sort();
  }

  /** @throws KeplerError not_found, limit_body */
  async read(file: string): Promise<TemplateSource> {
    const path = this.#pathOf(file);
    const status = await unlessMissing(stat(path), undefined);
    if (!status?.isFile())
      throw new KeplerError('not_found', `There is no file ${file} in the folder of templates.`);
    if (status.size > MOST_BYTES) throw tooLong(file);
    const text = await readFile(path, 'utf8');
    return { file, text, etag: etagOf(text) };
  }

  /**
   * Saves a file, whole or not at all.
   * @param etag of the content that the new one takes the place of; undefined where there must be no such file
   * @returns the new content's @throws KeplerError source_changed, source_exists, limit_body, storage_failed, disk_full
   */
  save(file: string, text: string, etag: string | undefined): Promise<string> {
    // One after another: what was compared is what is replaced.
    const mine = this.#turn.then(() => this.#save(file, text, etag));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #save(file: string, text: string, etag: string | undefined): Promise<string> {
    const path = this.#pathOf(file);
    if (Buffer.byteLength(text) > MOST_BYTES) throw tooLong(file);
    const there = await unlessMissing(readFile(path, 'utf8'), undefined);
    if (there === text) return etagOf(text);
    if (there !== undefined && etag === undefined) {
      throw new KeplerError('source_exists', `There is a file ${file} already. Choose another name.`);
    }
    if (etag !== undefined && (there === undefined || etagOf(there) !== etag)) {
      const what = there === undefined ? 'deleted' : 'changed';
      throw new KeplerError(
        'source_changed',
        `${file} was ${what} by somebody else since you opened it. Your text was not saved: compare the two, then save again.`,
        { details: { etag: there === undefined ? undefined : etagOf(there) } },
      );
    }
    try {
      await mkdir(dirname(path), { recursive: true });
      const before = await unlessMissing(stat(path), undefined);
      // Other editors are to go on: whoever could read it can.
      await replaceDurable(path, text, before ? before.mode & 0o777 : 0o644);
    } catch (error) {
      throw storageError(error, `save ${file}`, this.folder);
    }
    return etagOf(text);
  }

  #pathOf(file: string): string {
    if (templateOf(file)) return join(this.folder, file);
    throw new KeplerError(
      'invalid_arguments',
      `"${file.slice(0, 100)}" cannot be a template's file: a name of letters, digits and underscores that begins with no digit, then .ts, .py or .ipynb.`,
    );
  }
}

export function etagOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function tooLong(file: string): KeplerError {
  return new KeplerError('limit_body', `${file} is longer than the megabyte that the workbench edits.`);
}
