/** A TypeScript source as what its process loads: bundled with what it imports, its tests taken out. */
import { basename, dirname, resolve } from 'node:path';
import type * as Esbuild from 'esbuild';
import { KeplerError } from '../contract/errors.ts';
import { launchNode } from './process/launch.ts';
import type { PublishOptions, Sources } from './publishing.ts';

/** @throws KeplerError template_invalid */
export async function typescriptSources(
  file: string,
  text: string,
  options: PublishOptions,
): Promise<Sources> {
  const source = basename(file);
  const bundle = await bundleOf(file, source, withoutTests(text), options.sdk);
  return {
    language: 'typescript',
    source,
    entry: Buffer.from(bundle),
    files: { [source]: text },
    launch: (scratch) => launchNode(options.host, scratch, options.limits),
  };
}

/** A block between the comments `// test` and `// end test` is the author's own: never published. Lines keep their numbers. */
export function withoutTests(text: string): string {
  return text.replace(/^[ \t]*\/\/ test\b[^\n]*\n[\s\S]*?^[ \t]*\/\/ end test\b[^\n]*$/gm, (block) =>
    block.replace(/[^\n]/g, ''),
  );
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

/** An installation may lack it. */
async function loadCompiler(source: string): Promise<typeof Esbuild> {
  try {
    return await import('esbuild');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new KeplerError(
      'template_invalid',
      `The template ${source} was not published: this runtime has no compiler (esbuild). Publish it in a runtime that has one, and bring the folder of published templates along.`,
    );
  }
}
