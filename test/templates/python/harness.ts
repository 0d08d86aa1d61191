/** Publishes templates in Python as the runtime does, and talks with their processes. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type {
  ClassTarget,
  NumericTable,
  OutputColumn,
  Target,
} from '../../../container/contract/template.ts';
import { launchTemplate } from '../../../container/templates/process/launch-template.ts';
import { TemplateProcess } from '../../../container/templates/process/template-process.ts';
import type { ProcessEvents } from '../../../container/templates/process/template-process.ts';
import { publishTemplate } from '../../../container/templates/publish.ts';
import type { PublishOptions } from '../../../container/templates/publish.ts';
import { Environments } from '../../../container/templates/python/environments.ts';
import { TemplateStore } from '../../../container/templates/store.ts';
import type { TemplateManifest } from '../../../container/templates/store.ts';
import { decodeOutputs, encodeTable } from '../../../container/templates/tables.ts';
import { PYTHON, missingPython } from '../../onnx/python.ts';

const why = missingPython('pyarrow') ?? missingPython('sklearn');
/** A test that is skipped, with the reason in its name, where there is no such Python. */
export const withPython = (name: string, body: () => Promise<void>, limit?: number) =>
  why === undefined ? test(name, body, limit) : test.skip(`${name} (${why})`, body);

export const LIMITS = { memoryMb: 500, seconds: 60, answerBytes: 500e6 };

const opened: TemplateProcess[] = [];
export function endAll(): void {
  opened.splice(0).forEach((process) => process.kill(new Error('over') as never));
}

/** A folder that any user can reach, as the runtime's own are. */
export function folder(name: string): string {
  const made = mkdtempSync(join(tmpdir(), `kepler-${name}-`));
  chmodSync(made, 0o755);
  return made;
}

export function optionsFor(environments?: Environments, command = PYTHON): PublishOptions {
  const home = folder('python');
  const runtime = { command, host: resolve('dist/runtime/python'), environments: join(home, 'environments') };
  return {
    store: new TemplateStore(join(home, 'templates')),
    host: resolve('dist/runtime/template-host.mjs'),
    sdk: resolve('dist/runtime/template-sdk.mjs'),
    limits: LIMITS,
    taken: new Set(['LinearRegression']),
    python: {
      runtime,
      environments:
        environments ??
        new Environments({
          folder: runtime.environments,
          command,
          pip: () => ({ extraIndexUrls: [], environment: {} }),
        }),
    },
  };
}

export interface Published {
  readonly manifest: TemplateManifest;
  readonly path: string;
  readonly options: PublishOptions;
}

/** @param files beside the template, by name */
export async function publish(
  file: string,
  text: string,
  files: Readonly<Record<string, string>> = {},
  options = optionsFor(),
): Promise<Published> {
  const sources = folder('sources');
  for (const [name, content] of Object.entries({ ...files, [file]: text })) {
    mkdirSync(dirname(join(sources, name)), { recursive: true });
    writeFileSync(join(sources, name), content);
  }
  const manifest = await publishTemplate(join(sources, file), text, options);
  return { manifest, path: options.store.path(manifest.name, manifest.version), options };
}

export interface Asked {
  readonly process: TemplateProcess;
  fit(table: NumericTable, target?: Target, params?: object): Promise<Uint8Array>;
  apply(table: NumericTable, options?: object): Promise<readonly OutputColumn[]>;
  summary(): Promise<unknown>;
}

/** A process of a published version. */
export async function start(
  { manifest, path, options }: Published,
  events: Partial<ProcessEvents> = {},
  limits = LIMITS,
): Promise<Asked> {
  const { host, python } = options;
  const programs = { host, scratch: join(options.store.folder, '.scratch'), python: python!.runtime };
  const { launch, entry } = launchTemplate(path, programs, limits);
  const process = new TemplateProcess(manifest.name, launch, {
    log: () => undefined,
    warn: () => undefined,
    progress: () => undefined,
    telemetry: () => undefined,
    ...events,
  });
  opened.push(process);
  await process.ask({ op: 'load' }, entry);
  let target: string | undefined;
  return {
    process,
    async fit(table, given, params = {}) {
      target = given?.name;
      const asked = {
        op: 'fit',
        params,
        key: 'k',
        ...(given && { target: { name: given.name, kind: given.kind } }),
      };
      return (await process.ask(asked, encodeTable(table, given))).body;
    },
    async apply(table, asked = {}) {
      const { body } = await process.ask(
        { op: 'apply', key: 'k', options: asked, target },
        encodeTable(table),
      );
      return decodeOutputs(body).outputs;
    },
    async summary() {
      const { fields, rows } = (await process.ask({ op: 'summary', key: 'k' })).header;
      return { fields, rows };
    },
  };
}

export function numbers(columns: Readonly<Record<string, readonly number[]>>): NumericTable {
  const lists = Object.values(columns);
  return {
    rows: lists[0].length,
    names: Object.keys(columns),
    columns: lists.map((list) => Float64Array.from(list)),
  };
}

export function classes(name: string, labels: readonly string[], values: readonly string[]): ClassTarget {
  return {
    kind: 'classes',
    name,
    classes: labels,
    codes: Int32Array.from(values, (value) => labels.indexOf(value)),
  };
}

export { readFileSync };
