import { didYouMean } from '../../contract/did-you-mean.ts';
import { KeplerError } from '../../contract/errors.ts';

/** What stands in every step's options. */
const ALWAYS = ['columns', 'exclude'];

/** @throws KeplerError invalid_arguments naming an option that there is none of */
export function checkOptions(step: string, options: object, known: readonly string[]): void {
  const all = [...ALWAYS, ...known];
  const wrong = Object.keys(options).find((name) => !all.includes(name));
  if (wrong === undefined) return;
  const meant = didYouMean(wrong, all);
  throw new KeplerError(
    'invalid_arguments',
    `${step} has no option "${wrong}"${meant ? `; did you mean "${meant}"?` : `. Its options are ${all.join(', ')}.`}`,
  );
}

/** @throws KeplerError invalid_arguments */
export function oneOf<T extends string>(
  step: string,
  option: string,
  value: unknown,
  known: readonly T[],
): T {
  if (known.includes(value as T)) return value as T;
  const meant = typeof value === 'string' ? didYouMean(value, known) : undefined;
  throw new KeplerError(
    'invalid_arguments',
    `${step}: ${option} is ${JSON.stringify(value)}${meant ? `; did you mean "${meant}"?` : `; it may be ${known.join(', ')}.`}`,
  );
}

/** @throws KeplerError invalid_arguments where it is no number, or beyond the bounds (which it may reach) */
export function numberIn(
  step: string,
  option: string,
  value: unknown,
  least: number,
  most = Infinity,
): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  const range = most === Infinity ? `${least} or more` : `from ${least} to ${most}`;
  throw new KeplerError(
    'invalid_arguments',
    `${step}: ${option} is ${String(value)}; it is a number, ${range}.`,
  );
}

/** @throws KeplerError invalid_arguments */
export function wholeIn(
  step: string,
  option: string,
  value: unknown,
  least: number,
  most = Infinity,
): number {
  if (Number.isInteger(value)) return numberIn(step, option, value, least, most);
  throw new KeplerError('invalid_arguments', `${step}: ${option} is ${String(value)}; it is a whole number.`);
}

/** Two numbers in order. @throws KeplerError invalid_arguments */
export function rangeIn(
  step: string,
  option: string,
  value: unknown,
  least = -Infinity,
  most = Infinity,
): readonly [number, number] {
  if (Array.isArray(value) && value.length === 2) {
    const [low, high] = value as [unknown, unknown];
    if (typeof low === 'number' && typeof high === 'number' && least <= low && low < high && high <= most) {
      return [low, high];
    }
  }
  throw new KeplerError(
    'invalid_arguments',
    `${step}: ${option} is ${JSON.stringify(value)}; it is two numbers, the lower one first${most < Infinity ? `, from ${least} to ${most}` : ''}.`,
  );
}
