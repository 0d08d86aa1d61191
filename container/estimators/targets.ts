import { KeplerError } from '../contract/errors.ts';
import type { ClassTarget, FitInput, NumberTarget } from '../contract/template.ts';

/** The numbers that a regressor predicts. */
export function numberTarget(input: FitInput, algorithm: string): NumberTarget {
  if (input.target?.kind === 'number') return input.target;
  throw new KeplerError(
    'target_missing',
    `${algorithm} predicts a number and needs one numeric field before "from".`,
  );
}

/** The classes that a classifier tells apart: two or more. */
export function classTarget(input: FitInput, algorithm: string): ClassTarget {
  const target = input.target;
  if (target?.kind !== 'classes') {
    throw new KeplerError(
      'target_missing',
      `${algorithm} predicts a class and needs one field before "from".`,
    );
  }
  if (target.classes.length < 2) {
    throw new KeplerError(
      'target_constant',
      `Field "${target.name}" has only one value (${target.classes.join()}) in the rows used for training; ${algorithm} needs at least two classes.`,
    );
  }
  return target;
}
