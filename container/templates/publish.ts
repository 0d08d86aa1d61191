/** From a source file to a published version: made ready, loaded in a process of its own, tried on made-up data, then kept. */
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { Need } from '../contract/requests.ts';
import type { ParamsSchema, TemplateKind } from '../contract/template.ts';
import { tryOut } from './conformance.ts';
import { checkParamsSchema } from './params-schema.ts';
import { callLocal, isLocal } from './local-helpers.ts';
import { ENTRY } from './process/launch-template.ts';
import { PUBLISHING } from './process/scratch.ts';
import type { Standing } from './process/spare.ts';
import { TemplateProcess } from './process/template-process.ts';
import type { ProcessEvents } from './process/template-process.ts';
import type { PublishOptions, Sources } from './publishing.ts';
import { pythonSources } from './python/python-sources.ts';
import { TEMPLATE_NAME } from './store.ts';
import type { TemplateAbilities, TemplateDraft, TemplateManifest } from './store.ts';
import { typescriptSources, withoutTests } from './typescript.ts';

export type { PublishOptions } from './publishing.ts';

const NEEDS: readonly Need[] = ['splunk', 'registry'];
const KINDS: readonly TemplateKind[] = ['regressor', 'classifier', 'clusterer', 'transformer'];

/**
 * Checks a template and makes it the current version. One that has not changed makes no new version.
 * @param file path of the source
 * @param text its content
 * @throws KeplerError template_invalid or template_failed, naming line and remedy; then nothing has changed
 */
export async function publishTemplate(
  file: string,
  text: string,
  options: PublishOptions,
): Promise<TemplateManifest> {
  const sources = await sourcesOf(file, text, options);
  const entry = ENTRY[sources.language];
  const files = { ...sources.files, [entry]: sources.entry };
  const newest = options.store.current(nameOf(file));
  const isSame = (name: string): boolean => newest?.files[name] === sha256(files[name]!);
  const same = newest?.environment === sources.environment && isSame(entry);
  // Not even a comment has changed, as with most files at a runtime's start: it was checked then.
  if (newest && same && !options.rows && Object.keys(files).every(isSame)) return newest;
  const rows = options.rows ?? (await options.rowsFor?.(nameOf(file)));
  const draft = await check(file, text, sources, rows ? { ...options, rows } : options);
  // What is loaded is the same still: it makes no version.
  return newest && same ? newest : await options.store.publish(draft, files);
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The same checks, and nothing is published. @throws as `publishTemplate` */
export async function checkTemplate(
  file: string,
  text: string,
  options: PublishOptions,
): Promise<TemplateDraft> {
  return check(file, text, await sourcesOf(file, text, options), options);
}

/** What a file's template is called. */
const nameOf = (file: string): string => basename(file).replace(/\.\w+$/, '');

/** The file made ready to be loaded. */
async function sourcesOf(file: string, text: string, options: PublishOptions): Promise<Sources> {
  checkName(nameOf(file), basename(file), options.taken);
  return /\.(py|ipynb)$/.test(file)
    ? await pythonSources(file, text, options)
    : await typescriptSources(file, text, options);
}

async function check(
  file: string,
  text: string,
  sources: Sources,
  options: PublishOptions,
): Promise<TemplateDraft> {
  const { inTurn = (work) => work() } = options;
  // Beside each other: together they should take less than a second.
  const [draft] = await Promise.all([
    inTurn(() => draftIn(nameOf(file), sources, options)),
    sources.language === 'typescript' ? checkTypes(file, text, options) : undefined,
  ]);
  return draft;
}

/** @throws KeplerError template_invalid naming the first type error and its line */
async function checkTypes(file: string, text: string, { types }: PublishOptions): Promise<void> {
  const problems = (await types?.check(file, withoutTests(text))) ?? [];
  const [first] = problems;
  if (!first) return;
  const others = problems.length - 1;
  const line = first.line === undefined ? '' : `, line ${first.line}`;
  const more = others > 0 ? ` There ${plural(others, 'is', 'are')} ${others} more like it.` : '';
  throw new KeplerError(
    'template_invalid',
    `The template ${basename(file)} was not published${line}: ${first.message.replace(/\.?$/, '.')}${more}`,
  );
}

/** Loads the template in a process, and tries it. */
async function draftIn(name: string, sources: Sources, options: PublishOptions): Promise<TemplateDraft> {
  const { warm } = sources;
  const standing = (warm && (await options.spare?.take(warm.key))) ?? (await stand(name, sources));
  const { process } = standing;
  let asked = false;
  process.events = {
    ...SILENT,
    call(what) {
      if (isLocal(what)) return new Promise((resolve) => resolve(callLocal(what)));
      const { helper, method } = what;
      asked = true;
      return Promise.reject(
        new KeplerError(
          'template_failed',
          `${helper}.${method} waits for a search: nobody searches while it is published.`,
        ),
      );
    },
  };
  try {
    const { header } = await process.ask({ op: 'load' }, sources.entry);
    const draft = draftOf(name, sources, header);
    if (options.tryOut !== false && draft.convention !== 'dsdl') {
      await tryOut(process, draft, options.rows ?? header.example).catch((error: unknown) => {
        // What needs Splunk or the registry shows itself in a search.
        if (!asked) throw error;
      });
    }
    return draft;
  } finally {
    await standing.end();
    if (warm) options.spare?.keep(warm.key, () => standWarm(name, sources, warm.body));
  }
}

const SILENT: ProcessEvents = {
  log: () => undefined,
  warn: () => undefined,
  progress: () => undefined,
  telemetry: () => undefined,
};

/** A process that has loaded nothing yet, in a folder of its own. */
async function stand(name: string, sources: Sources): Promise<Standing> {
  const scratch = await mkdtemp(join(tmpdir(), PUBLISHING));
  const remove = () => rm(scratch, { recursive: true, force: true });
  try {
    // So that a process with a user of its own can reach its folder in it.
    await chmod(scratch, 0o755);
    const process = new TemplateProcess(name, sources.launch(scratch), SILENT);
    return {
      process,
      end() {
        process.kill(new KeplerError('cancelled', 'The check is over.'));
        return remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** One that has its libraries already. */
async function standWarm(name: string, sources: Sources, body: Uint8Array): Promise<Standing> {
  const standing = await stand(name, sources);
  try {
    await standing.process.ask({ op: 'warm' }, body);
    return standing;
  } catch (error) {
    await standing.end();
    throw error;
  }
}

function checkName(name: string, source: string, taken: ReadonlySet<string>): void {
  if (!TEMPLATE_NAME.test(name)) {
    throw invalid(
      source,
      'its name must be letters, digits and underscores, and begin with a letter: it is what one types behind fit.',
    );
  }
  const builtIn = [...taken].find((one) => one.toLowerCase() === name.toLowerCase());
  if (builtIn !== undefined)
    throw invalid(source, `${builtIn} is a built-in algorithm. Give the file another name.`);
}

interface Loaded {
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly description?: unknown;
  readonly params?: unknown;
  readonly needs?: unknown;
  readonly convention?: unknown;
  readonly prepare?: unknown;
  readonly can?: TemplateAbilities;
}

function draftOf(name: string, { language, source, environment }: Sources, header: Loaded): TemplateDraft {
  if (header.name !== name) {
    throw invalid(
      source,
      `its name is "${String(header.name)}", but the file says ${name}. Make the two the same.`,
    );
  }
  if (!KINDS.includes(header.kind as TemplateKind)) {
    throw invalid(source, `its kind is "${String(header.kind)}"; allowed are: ${KINDS.join(', ')}.`);
  }
  const problems: string[] = [];
  const params = checkParamsSchema(header.params, problems);
  if (problems.length > 0) throw invalid(source, problems.join(' '));
  return {
    name,
    language,
    kind: header.kind as TemplateKind,
    description: String(header.description ?? ''),
    params: params as ParamsSchema,
    ...(header.convention === 'dsdl' && { convention: 'dsdl' }),
    ...(environment !== undefined && { environment }),
    ...needsOf(header.needs, source),
    ...prepareOf(header.prepare, source),
    can: header.can ?? { partialFit: false, summary: false },
    source,
  };
}

/** @throws KeplerError template_invalid where it is neither 'numeric' nor 'none' */
function prepareOf(prepare: unknown, source: string): { prepare?: 'none' } {
  if (prepare === undefined || prepare === 'numeric') return {};
  if (prepare === 'none') return { prepare };
  throw invalid(
    source,
    `prepare is ${JSON.stringify(prepare)}; it is 'numeric' (columns of numbers) or 'none'.`,
  );
}

/** @throws KeplerError template_invalid where it is no list of helpers that a template can ask for */
export function needsOf(needs: unknown, source: string): { needs?: readonly Need[] } {
  if (needs === undefined) return {};
  if (!Array.isArray(needs) || !needs.every((need) => (NEEDS as readonly unknown[]).includes(need))) {
    throw invalid(source, `needs is ${JSON.stringify(needs)}; it is a list of: ${NEEDS.join(', ')}.`);
  }
  return needs.length > 0 ? { needs: needs as Need[] } : {};
}

function invalid(source: string, why: string): KeplerError {
  return new KeplerError('template_invalid', `The template ${source} was not published: ${why}`);
}
