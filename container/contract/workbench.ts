/** What the workbench's page and its server say to each other, as JSON below `/workbench/api`. Types alone. */
import type { OptionSchema, TemplateKind } from './template.ts';

export type TemplateLanguage = 'typescript' | 'python' | 'notebook';

/** `POST /v1/workbench`, from the search head. */
export interface WorkbenchLinkRequest {
  /** How browsers reach the runtime, where that is known: http(s)://host, with or without a path. */
  readonly publicUrl?: string;
}

export interface WorkbenchLink {
  readonly url: string;
  /** Seconds since 1970. */
  readonly expires: number;
  /** Good only on the runtime's own machine. */
  readonly local: boolean;
}

/** `GET me` */
export interface WorkbenchMe {
  readonly user: string;
  readonly app: string;
  /** Seconds since 1970: when the session ends. */
  readonly expires: number;
  readonly version: string;
  /** Folder whose files are templates. */
  readonly folder: string;
}

/** `GET templates`: a file of the folder, a published template, or both. */
export interface TemplateEntry {
  readonly name: string;
  /** The source in the folder; absent for a template whose file is not there any more. */
  readonly file?: string;
  readonly language: TemplateLanguage;
  /** The version that the next fit takes. */
  readonly version?: number;
  readonly kind?: TemplateKind;
  readonly description?: string;
  /** Why what was saved last is not served. */
  readonly error?: string;
}

/** `GET sources/<file>` */
export interface TemplateSource {
  readonly file: string;
  readonly text: string;
  /** Names the content: to be handed back on saving. */
  readonly etag: string;
}

/** `PUT sources/<file>`. `etag` is that of what was read; absent for a file that must not be there yet. */
export interface SaveRequest {
  readonly text: string;
  readonly etag?: string;
}

export interface SaveReply {
  readonly etag: string;
}

/** `POST sources` makes a file from the base template. */
export interface CreateRequest {
  readonly name: string;
  readonly language: TemplateLanguage;
}

/** Something wrong with a source; lines and columns begin at 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** `POST check` */
export interface CheckRequest {
  readonly file: string;
  readonly text: string;
}

export interface CheckReply {
  readonly problems: readonly Problem[];
  /** What was looked at: syntax always; types and imports where the tools are there. */
  readonly checked: readonly ('syntax' | 'types' | 'imports')[];
  /** What was not, and why, in a sentence. */
  readonly note?: string;
}

/** `POST describe`: the template's options, from its source as it stands. */
export interface DescribeReply {
  readonly name: string;
  readonly kind: TemplateKind;
  readonly description: string;
  readonly options: Readonly<Record<string, OptionSchema>>;
}

/** `GET data`: tables to try a template on. */
export interface DataEntry {
  /** `sample` is built in; others are staged data sets, `name` or `app:name`. */
  readonly id: string;
  readonly name: string;
  readonly version?: number;
  readonly rows: number;
  readonly fields: readonly { readonly name: string; readonly kind: 'number' | 'text' }[];
  /** The template that it was staged for, its target and options, where that is known. */
  readonly template?: string;
  readonly target?: string;
  readonly features?: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
  readonly expires?: string;
}

/** `POST runs` */
export interface RunRequest {
  readonly file: string;
  readonly text: string;
  readonly data: string;
  readonly target?: string;
  /** Fields to learn from; empty: all but the target. */
  readonly features: readonly string[];
  /** As they would be typed in a search. */
  readonly options: Readonly<Record<string, string>>;
  /** Share of the rows kept from training, above 0 and below 1. */
  readonly holdout?: number;
}

export interface RunStarted {
  readonly run: string;
}

export type RunState = 'running' | 'done' | 'failed' | 'stopped';

export interface RunLog {
  /** Milliseconds since the run began. */
  readonly at: number;
  readonly level: string;
  readonly text: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Milliseconds of each part of a run, in the order in which they came. */
export type RunTiming = readonly { readonly stage: string; readonly ms: number }[];

/** A table of cells as they are shown; null is empty. */
export interface RunTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface RunPlot {
  readonly name: string;
  readonly table: RunTable;
}

export interface RunFailure {
  readonly code: string;
  readonly message: string;
  /** Of the template's source. */
  readonly line?: number;
  readonly stack?: string;
}

/** `GET runs?file=…`: the newest first, and `done` of a run's events. */
export interface RunResult {
  readonly run: string;
  readonly file: string;
  readonly state: RunState;
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly ms: number;
  readonly data: string;
  readonly target?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly messages: readonly { readonly level: string; readonly text: string }[];
  readonly logs: readonly RunLog[];
  readonly timing: RunTiming;
  /** Rows that came, rows that were trained on. */
  readonly rows?: number;
  readonly trainedRows?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly measuredOn?: 'training' | 'holdout';
  /** The first hundred rows with the new fields behind them. */
  readonly table?: RunTable;
  /** How many of `table.fields`, from the right, the template made. */
  readonly made?: number;
  readonly summary?: RunTable;
  /** Why the first rows were answered so, by their numbers from 1; of templates that say it. */
  readonly explained?: RunTable;
  readonly plots?: readonly RunPlot[];
  readonly classes?: readonly string[];
  readonly failure?: RunFailure;
}

/** What `GET runs/<run>/events` streams (server-sent events, each a JSON of this). */
export type RunEvent =
  | { readonly kind: 'stage'; readonly stage: string; readonly share?: number }
  | { readonly kind: 'log'; readonly log: RunLog }
  | { readonly kind: 'end'; readonly result: RunResult };

/** `POST publish`: checks, the run on the data where one is named, then the file and the next version. */
export interface PublishRequest extends Partial<Omit<RunRequest, 'file' | 'text'>> {
  readonly file: string;
  readonly text: string;
  readonly etag?: string;
}

export interface PublishReply {
  readonly name: string;
  readonly version: number;
  readonly etag: string;
  /** False where nothing had changed since that version. */
  readonly changed: boolean;
}

/** `GET history/<name>`: versions and, where the folder is a git repository, commits of the file, newest first. */
export interface HistoryReply {
  readonly versions: readonly { readonly version: number; readonly publishedAt: string }[];
  readonly commits: readonly {
    readonly commit: string;
    /** Seconds since 1970. */
    readonly time: number;
    readonly author: string;
    readonly subject: string;
  }[];
  /** Why there are no commits. */
  readonly note?: string;
}
