/** A template's bundle, run from its text: the process need not read a file for it, and may read none. */
import { SourceMap, createRequire } from 'node:module';
import type { SourceMapPayload } from 'node:module';
import { compileFunction } from 'node:vm';

/** How the bundle is called in stacks. */
const NAME = 'template.cjs';

export interface LoadedSource {
  readonly exports: unknown;
  /** The line of the author's source in which an error was thrown; undefined where it was not his. */
  lineOf(error: Error): number | undefined;
  /** The line of the author's source in which one of his functions begins. */
  beginOf(of: (...args: never[]) => unknown): number | undefined;
}

/** @param text CommonJS with its source map inline @throws what the template throws while it is loaded */
export function loadSource(text: string): LoadedSource {
  const map = sourceMapOf(text);
  /** Both from 0. */
  const ownLine = (line: number, column: number): number | undefined => {
    const entry = map?.findEntry(line, column);
    return entry && 'originalLine' in entry && !entry.originalSource.includes('/')
      ? entry.originalLine + 1
      : undefined;
  };
  const lineOf = (error: Error) => {
    for (const [, line, column] of (error.stack ?? '').matchAll(/template\.cjs:(\d+):(\d+)/g)) {
      const own = ownLine(Number(line) - 1, Number(column) - 1);
      if (own !== undefined) return own;
    }
    return undefined;
  };
  const beginOf = (of: (...args: never[]) => unknown) => {
    // What is imported stands before what imports it.
    const at = text.lastIndexOf(Function.prototype.toString.call(of));
    if (at < 0) return undefined;
    const before = text.slice(0, at).split('\n');
    return ownLine(before.length - 1, before.at(-1)!.length);
  };
  const module = { exports: {} };
  const run = compileFunction(text, ['module', 'exports', 'require'], { filename: NAME });
  run(module, module.exports, createRequire(import.meta.url));
  return { exports: module.exports, lineOf, beginOf };
}

function sourceMapOf(text: string): SourceMap | undefined {
  const inline = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(text)?.[1];
  if (inline === undefined) return undefined;
  return new SourceMap(JSON.parse(Buffer.from(inline, 'base64').toString('utf8')) as SourceMapPayload);
}
