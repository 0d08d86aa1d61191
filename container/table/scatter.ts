import { KeplerError } from '../contract/errors.ts';
import type { OutputColumn } from '../contract/template.ts';

/** Outputs of some rows put back at the places of those rows among all; the others stay empty. */
export function scatterOutputs(
  outputs: readonly OutputColumn[],
  places: ArrayLike<number>,
  rows: number,
): OutputColumn[] {
  return outputs.map((output) => {
    if (output.kind === 'number') {
      const values = new Float64Array(rows).fill(NaN);
      for (let i = 0; i < places.length; i++) values[places[i]] = output.values[i];
      return { ...output, values };
    }
    if (output.kind === 'label') {
      const codes = new Int32Array(rows).fill(-1);
      for (let i = 0; i < places.length; i++) codes[places[i]] = output.codes[i];
      return { ...output, codes };
    }
    const values = new Array<string | null>(rows).fill(null);
    for (let i = 0; i < places.length; i++) values[places[i]] = output.values[i];
    return { ...output, values };
  });
}

/**
 * Names of all outputs by `as`: it is the first one's, or a prefix in place of what stands before the underscore.
 * @throws KeplerError invalid_arguments where two outputs would bear one name
 */
export function nameOutputs(
  plain: readonly string[],
  as: string | undefined,
  rename: 'output' | 'prefix' | 'either',
): string[] {
  if (as === undefined) return [...plain];
  const one = rename === 'output' || (rename === 'either' && plain.length === 1);
  const names = plain.map((name, place) => {
    if (one) return place === 0 ? as : name;
    const underscore = name.indexOf('_');
    return underscore < 0 ? as : `${as}${name.slice(underscore)}`;
  });
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice === undefined) return names;
  throw new KeplerError(
    'invalid_arguments',
    `as "${as}" would give two fields the name "${twice}"; choose a name other than ${plain.map((name) => `"${name}"`).join(', ')}.`,
  );
}
