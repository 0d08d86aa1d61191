import type { OnnxGraph, Target } from '../../contract/template.ts';
import type { OnnxColumns } from './onnx-columns.ts';
import type { Working } from './table.ts';

/** Names and globs (`x*`), or all columns of a kind. */
export type ColumnChoice = readonly string[] | 'number' | 'text' | 'all';

export interface ChoiceOptions {
  /** The columns that the step takes: names and globs, or 'number', 'text', 'all'. */
  readonly columns?: ColumnChoice;
  /** Names and globs of columns that it leaves alone. */
  readonly exclude?: readonly string[];
}

/** A step as it was asked for: plain data, so that it can come from a template's options. */
export interface Step {
  /** Which kind of step, as `scale/standard`. */
  readonly kind: string;
  readonly options: ChoiceOptions & Readonly<Record<string, unknown>>;
}

export interface StepContext {
  warn(text: string): void;
}

export interface FitContext extends StepContext {
  /** What is to be predicted, for the rows of the table as it is; absent where it was not given. */
  readonly target?: Target;
}

/**
 * How a step of one kind is fitted and applied. `F` is what it learned: plain objects and typed arrays. `names` are the columns
 * that it was given at fit; they are there at transform too.
 */
export interface StepKind<O, F> {
  /** As in messages: `scale (standard)`. */
  readonly title: string;
  /** The columns that it takes where none are named. */
  readonly takes: ColumnChoice | ((options: O) => ColumnChoice);
  fit(table: Working, names: readonly string[], options: O, context: FitContext): F;
  transform(fitted: F, table: Working, names: readonly string[], context: StepContext): Working;
  /** What the rows of the fit themselves become, where that differs. */
  transformTraining?(
    fitted: F,
    table: Working,
    names: readonly string[],
    options: O,
    context: FitContext,
  ): Working;
  /** Back from the columns that it made to those that it took. Absent: there is no way back. */
  inverse?(fitted: F, table: Working, names: readonly string[]): Working;
  /** Writes the same as ONNX nodes, in place of the columns that it took. Absent: there is no exact form; `noOnnx` says why. */
  onnx?(fitted: F, graph: OnnxGraph, columns: OnnxColumns, names: readonly string[]): void;
  readonly noOnnx?: string;
}
