import { KeplerError } from '../contract/errors.ts';
import type { ClassTarget, OptionSchema } from '../contract/template.ts';

/** The option `class_weight` of classifiers, as typed text. Whether its classes are there, only the data tell. */
export function classWeightOption(
  byDefault: 'none' | 'balanced',
  words: readonly string[] = ['none', 'balanced'],
): OptionSchema {
  return {
    type: 'string',
    default: byDefault,
    pattern: `^(${words.map(anyCase).join('|')}|[^]*:[^]*)?$`,
    allowed: `${words.join(', ')}, or weights such as "yes:2,no:1"`,
    description:
      'How much a row of each class counts: none (all alike), balanced (rarer classes more, so that each class counts the same in all), or weights such as "yes:2,no:1" (others 1).',
  };
}

/** The pattern of a word in any letter case. */
export const anyCase = (word: string): string =>
  word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/**
 * The weight of a row of each class, in the order of the target's classes.
 *
 * @param text `none`, `balanced` (rows / (classes × rows of the class), scikit-learn's), or `class:weight` pairs with
 * commas between; a class may itself hold colons.
 * @throws KeplerError invalid_arguments
 */
export function classWeights(text: string, target: ClassTarget, algorithm: string): Float64Array {
  const { classes, codes } = target;
  const word = text.trim().toLowerCase();
  if (word === 'none' || word === '') return new Float64Array(classes.length).fill(1);
  if (word === 'balanced') {
    const counts = new Float64Array(classes.length);
    for (const code of codes) counts[code]++;
    return counts.map((count) => (count > 0 ? codes.length / (classes.length * count) : 1));
  }
  const weights = new Float64Array(classes.length).fill(1);
  const problems: string[] = [];
  for (const pair of text.split(',')) {
    const colon = pair.lastIndexOf(':');
    const name = pair.slice(0, Math.max(colon, 0)).trim();
    const weight = Number(pair.slice(colon + 1));
    if (colon <= 0 || pair.slice(colon + 1).trim() === '' || !(weight >= 0 && weight < Infinity)) {
      problems.push(`"${pair.trim()}" is not a pair such as "yes:2" with a weight of 0 or more`);
    } else if (!classes.includes(name)) {
      problems.push(`"${target.name}" has no class "${name}" (it has ${someOf(classes)})`);
    } else weights[classes.indexOf(name)] = weight;
  }
  if (problems.length === 0 && weights.every((weight) => weight === 0)) problems.push('all weights are 0');
  if (problems.length > 0) {
    throw new KeplerError(
      'invalid_arguments',
      `${algorithm}: option "class_weight" is none, balanced, or pairs with commas between: ${problems.join('; ')}.`,
    );
  }
  return weights;
}

function someOf(classes: readonly string[]): string {
  const shown = classes.slice(0, 10).join(', ');
  return classes.length > 10 ? `${shown} and ${classes.length - 10} more` : shown;
}
