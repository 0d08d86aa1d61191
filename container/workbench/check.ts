/** What can be said of a source while it is being written, without running it. */
import { join } from 'node:path';
import type * as Esbuild from 'esbuild';
import type { CheckReply, Problem } from '../contract/workbench.ts';
import { withoutTests } from '../templates/typescript.ts';
import { checkPython } from './check-python.ts';
import type { WorkbenchServices } from './services.ts';
import { templateOf } from './sources.ts';

/** @returns every problem that was found, in the order of the source */
export async function checkSource(
  { publishing, sources, store }: WorkbenchServices,
  file: string,
  text: string,
): Promise<CheckReply> {
  const path = join(sources, file);
  if (templateOf(file)?.language !== 'typescript') return checkPython(path, text, publishing.python, store);
  const syntax = await checkSyntax(file, text);
  if (syntax.problems.some(({ severity }) => severity === 'error') || !publishing.types) return syntax;
  // As they are published: what stands between the test's comments is the author's own.
  const types = await publishing.types.check(path, withoutTests(text));
  if (!types) return { ...syntax, note: 'TypeScript is not installed here, so types are not checked.' };
  return {
    problems: [...types.map((one) => ({ ...one, severity: 'error' as const })), ...syntax.problems],
    checked: [...syntax.checked, 'types'],
  };
}

async function checkSyntax(file: string, text: string): Promise<CheckReply> {
  const compiler = await import('esbuild').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  });
  if (!compiler) {
    return {
      problems: [],
      checked: [],
      note: 'This runtime has no compiler (esbuild), so nothing is checked.',
    };
  }
  const loader = /\.m?js$/.test(file) ? 'js' : 'ts';
  try {
    const { warnings } = await compiler.transform(text, { loader, sourcefile: file, logLevel: 'silent' });
    return { problems: warnings.map((one) => problemOf(one, 'warning')), checked: ['syntax'] };
  } catch (error) {
    const { errors, warnings } = error as Esbuild.TransformFailure;
    if (!errors) throw error;
    return {
      problems: [
        ...errors.map((one) => problemOf(one, 'error')),
        ...warnings.map((one) => problemOf(one, 'warning')),
      ],
      checked: ['syntax'],
    };
  }
}

/** Columns of esbuild begin at 0. */
function problemOf({ text, location }: Esbuild.Message, severity: Problem['severity']): Problem {
  if (!location) return { severity, message: text };
  const { line, column, length } = location;
  return {
    severity,
    message: text,
    line,
    column: column + 1,
    endLine: line,
    endColumn: column + 1 + Math.max(1, length),
  };
}
