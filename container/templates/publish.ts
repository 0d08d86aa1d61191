/** From a source file to a published version: bundled, loaded in a process of its own, tried on made-up data, then kept. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type * as Esbuild from 'esbuild';
import { KeplerError } from '../contract/errors.ts';
import type { Need } from '../contract/requests.ts';
import type { ParamsSchema, TemplateKind } from '../contract/template.ts';
import { tryOut } from './conformance.ts';
import { checkParamsSchema } from './params-schema.ts';
import { launchNode } from './process/launch.ts';
import type { ProcessLimits } from './process/launch.ts';
import { TemplateProcess } from './process/template-process.ts';
import type { ProcessEvents } from './process/template-process.ts';
import { TEMPLATE_NAME } from './store.ts';
import type { TemplateManifest, TemplateStore } from './store.ts';

export interface PublishOptions {
  readonly store: TemplateStore;
  /** The host program of template processes. */
  readonly host: string;
  /** What `import … from 'kepler'` means. */
  readonly sdk: string;
  readonly limits: ProcessLimits;
  /** Names that are taken: those of built-in algorithms. */
  readonly taken: ReadonlySet<string>;
}

const NEEDS: readonly Need[] = ['splunk', 'registry'];
const KINDS: readonly TemplateKind[] = ['regressor', 'classifier', 'clusterer', 'transformer'];

/**
 * Checks a TypeScript template and makes it the current version. One that has not changed makes no new version.
 * @param file path of the source
 * @param text its content
 * @throws KeplerError template_invalid or template_failed, naming line and remedy; then nothing has changed
 */
export async function publishTypeScript(
  file: string,
  text: string,
  options: PublishOptions,
): Promise<TemplateManifest> {
  const source = basename(file);
  const name = source.replace(/\.[mc]?[tj]s$/, '');
  checkName(name, source, options.taken);
  const bundle = await bundleOf(file, source, withoutTests(text), options.sdk);
  const scratch = await mkdtemp(join(tmpdir(), 'kepler-template-'));
  try {
    const launch = launchNode(options.host, scratch, options.limits);
    const silent: ProcessEvents = {
      log: () => undefined,
      warn: () => undefined,
      progress: () => undefined,
      telemetry: () => undefined,
    };
    const process = new TemplateProcess(name, launch, silent);
    try {
      const { header } = await process.ask({ op: 'load' }, Buffer.from(bundle));
      const draft = draftOf(name, source, header);
      await tryOut(process, draft);
      const newest = options.store.current(name);
      const sum = createHash('sha256').update(bundle).digest('hex');
      return newest?.files['bundle.cjs'] === sum
        ? newest
        : await options.store.publish(draft, { [source]: text, 'bundle.cjs': bundle });
    } finally {
      process.kill(new KeplerError('cancelled', 'The check is over.'));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A block between the comments `// test` and `// end test` is the author's own: never published. Lines keep their numbers. */
export function withoutTests(text: string): string {
  return text.replace(/^[ \t]*\/\/ test\b[^\n]*\n[\s\S]*?^[ \t]*\/\/ end test\b[^\n]*$/gm, (block) =>
    block.replace(/[^\n]/g, ''),
  );
}

function checkName(name: string, source: string, taken: ReadonlySet<string>): void {
  if (!TEMPLATE_NAME.test(name)) {
    throw invalid(
      source,
      'its name must be letters, digits and underscores, and begin with a letter: it is what one types behind fit.',
    );
  }
  if (taken.has(name)) throw invalid(source, `${name} is a built-in algorithm. Give the file another name.`);
}

async function bundleOf(file: string, source: string, text: string, sdk: string): Promise<string> {
  const folder = dirname(resolve(file));
  // Loaded when there is a template to publish.
  const { build } = await loadCompiler(source);
  try {
    const { outputFiles } = await build({
      // So that the source map names the source by its name alone, and so tells it from what it imports.
      absWorkingDir: folder,
      stdin: {
        contents: text,
        sourcefile: source,
        loader: /\.[mc]?js$/.test(source) ? 'js' : 'ts',
        resolveDir: folder,
      },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
      alias: { kepler: sdk },
    });
    return outputFiles[0].text;
  } catch (error) {
    const [first] = (error as Esbuild.BuildFailure).errors ?? [];
    if (!first) throw error;
    const line = first.location ? `, line ${first.location.line}` : '';
    throw new KeplerError(
      'template_invalid',
      `The template ${source} was not published${line}: ${first.text}`,
    );
  }
}

/** The image that serves has no compiler in it. */
async function loadCompiler(source: string): Promise<typeof Esbuild> {
  try {
    return await import('esbuild');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw invalid(
      source,
      'this runtime has no compiler (esbuild). Publish it in a runtime that has one, and bring the folder of published templates along.',
    );
  }
}

interface Loaded {
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly description?: unknown;
  readonly params?: unknown;
  readonly needs?: unknown;
  readonly can?: { readonly partialFit: boolean; readonly summary: boolean };
}

function draftOf(name: string, source: string, header: Loaded) {
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
    language: 'typescript' as const,
    kind: header.kind as TemplateKind,
    description: String(header.description ?? ''),
    params: params as ParamsSchema,
    ...needsOf(header.needs, source),
    can: header.can ?? { partialFit: false, summary: false },
    source,
  };
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
