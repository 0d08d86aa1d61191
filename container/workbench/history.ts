/** What a template was before: its published versions, and the commits of its file where the folder is in a git repository. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import type { HistoryReply } from '../contract/workbench.ts';
import type { TemplateStore } from '../templates/store.ts';

const MOST_COMMITS = 200;
const GIT_MS = 5000;
const MOST_BYTES = 4 * 1024 * 1024;
/** A repository's own settings may name programs; none of them is wanted here. */
const HARMLESS = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

export async function historyOf(
  store: TemplateStore,
  folder: string,
  name: string,
  file: string | undefined,
): Promise<HistoryReply> {
  const versions = store
    .versions(name)
    .reverse()
    .map((version) => ({ version, publishedAt: store.manifest(name, version).publishedAt }));
  return { versions, ...(file === undefined ? { commits: [] } : await commitsOf(folder, file)) };
}

/** The source that a version was published from. @throws KeplerError version_not_found, template_invalid */
export async function versionText(store: TemplateStore, name: string, version: number): Promise<string> {
  if (!store.versions(name).includes(version))
    throw new KeplerError('version_not_found', `The template ${name} has no version ${version}.`);
  const { source } = store.manifest(name, version);
  return readFile(join(store.path(name, version), source), 'utf8');
}

/** The file as a commit has it. @throws KeplerError not_found */
export async function commitText(folder: string, file: string, commit: string): Promise<string> {
  if (!/^[0-9a-f]{7,64}$/.test(commit)) throw new KeplerError('bad_request', 'That is no commit.');
  const { text, failed } = await git(folder, [
    'show',
    '--no-textconv',
    '--no-ext-diff',
    `${commit}:./${file}`,
  ]);
  if (failed === undefined) return text;
  throw new KeplerError(
    'not_found',
    `${file} cannot be read from the commit ${commit.slice(0, 12)}: ${failed}`,
  );
}

async function commitsOf(folder: string, file: string): Promise<Pick<HistoryReply, 'commits' | 'note'>> {
  const form = '--format=%H%x1f%at%x1f%an%x1f%s%x1e';
  const { text, failed } = await git(folder, [
    'log',
    `--max-count=${MOST_COMMITS}`,
    '--no-show-signature',
    form,
    '--',
    `./${file}`,
  ]);
  if (failed !== undefined) return { commits: [], note: failed };
  const commits = text
    .split('\x1e')
    .map((line) => line.trim().split('\x1f'))
    .filter((parts) => parts.length === 4)
    .map(([commit, time, author, subject]) => ({ commit, time: Number(time), author, subject }));
  return { commits };
}

function git(folder: string, args: readonly string[]): Promise<{ text: string; failed?: string }> {
  return new Promise((resolve) => {
    execFile(
      'git',
      [...HARMLESS, '-C', folder, ...args],
      {
        timeout: GIT_MS,
        maxBuffer: MOST_BYTES,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: process.env.HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
      },
      (error, text, said) => resolve(error ? { text: '', failed: reasonOf(error, said) } : { text }),
    );
  });
}

function reasonOf(error: Error & { code?: unknown }, said: string): string {
  if (error.code === 'ENOENT') return 'git is not installed where the runtime runs.';
  if (/not a git repository/.test(said)) return 'The folder of templates is in no git repository.';
  if (/does not have any commits/.test(said)) return 'The repository has no commit yet.';
  return said.trim().split('\n').at(-1)?.slice(0, 300) || error.message;
}
