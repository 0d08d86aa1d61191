import type { Value } from './values.ts';

/** An expression bound to the rows of a batch. */
export type Evaluator = (row: number) => Value;

/** A function of eval expressions: how many arguments it takes, and how it is computed from them. */
export interface FunctionDefinition {
  readonly least: number;
  readonly most: number;
  bind(args: readonly Evaluator[]): Evaluator;
}
