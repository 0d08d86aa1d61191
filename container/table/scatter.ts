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

/** Names outputs by `as`: the first one, or as a prefix in place of what stands before the underscore. */
export function renameOutput(
  name: string,
  place: number,
  as: string | undefined,
  rename: 'output' | 'prefix',
): string {
  if (as === undefined) return name;
  if (rename === 'output') return place === 0 ? as : name;
  const underscore = name.indexOf('_');
  return underscore < 0 ? as : `${as}${name.slice(underscore)}`;
}
