/** What publishing takes, and what each language makes of a source for it. */
import type { Launch, ProcessLimits } from './process/launch.ts';
import type { Spare } from './process/spare.ts';
import type { Environments } from './python/environments.ts';
import type { PythonRuntime } from './python/launch-python.ts';
import type { Language, TemplateStore } from './store.ts';
import type { TrialRows } from './trial-rows.ts';
import type { TypeChecker } from './types/type-checker.ts';

export interface PythonPublishing {
  readonly runtime: PythonRuntime;
  readonly environments: Environments;
}

export interface PublishOptions {
  readonly store: TemplateStore;
  /** The host program of template processes. */
  readonly host: string;
  /** What `import … from 'kepler'` means. */
  readonly sdk: string;
  readonly limits: ProcessLimits;
  /** Names that are taken: those of built-in algorithms. */
  readonly taken: ReadonlySet<string>;
  /** What templates in Python need; without it, they are refused. */
  readonly python?: PythonPublishing;
  /** Checks the types of templates in TypeScript; without it, or without its compiler, types are not checked. */
  readonly types?: TypeChecker;
  /** Keeps a process for the next save of what was checked last; without it each check starts its own. */
  readonly spare?: Spare;
  /** Has checks, each of which takes a process, wait for each other; what is waited for before does not hold them up. */
  readonly inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
  /** False: not tried on made-up rows, for whoever tries it on rows of their own at once. */
  readonly tryOut?: boolean;
  /** Rows that it is tried on in place of its example or made-up ones: those of a staged data set. */
  readonly rows?: TrialRows;
  /** The rows where none are given: those that the template was published with last. */
  readonly rowsFor?: (name: string) => Promise<TrialRows | undefined>;
}

/** A source made ready to be loaded, in either language. */
export interface Sources {
  readonly language: Language;
  /** The source file's name, as its author called it. */
  readonly source: string;
  /** What the process loads. */
  readonly entry: Uint8Array;
  /** What else is kept of a version: the source, the lock of its packages. */
  readonly files: Readonly<Record<string, string>>;
  /** Hash of the lock of its packages, where it names some. */
  readonly environment?: string;
  /** What makes a process ready for the next version before it is there; without it nothing would be won. */
  readonly warm?: { readonly key: string; readonly body: Uint8Array };
  /** @param scratch a folder for the process to stand in */
  launch(scratch: string): Launch;
}
