import type { StepKind } from '../step.ts';
import { replaceColumns } from '../table.ts';
import { murmur3 } from './murmur.ts';
import { asText, normalise, spreadRows } from './text-columns.ts';
import type { SparseRow } from './text-columns.ts';
import type { TextOptions } from './text-options.ts';
import { analysisOf } from './analysis-of.ts';
import { termsBy } from './tokens.ts';
import type { Analysis } from './tokens.ts';

type HashingState = {
  readonly analysis: Analysis;
  readonly nFeatures: number;
  readonly alternateSign: boolean;
  readonly binary: boolean;
  readonly norm: 'l1' | 'l2' | null;
  readonly keep: boolean;
};

const TITLE = 'textFeatures (hashing)';

/** scikit-learn's HashingVectorizer: it learns nothing of the texts. Columns are `field_hashed_0` and so on. */
export const hashing: StepKind<TextOptions, HashingState> = {
  title: TITLE,
  takes: 'text',
  noOnnx: 'ONNX hashes no words',
  fit(_table, _names, options) {
    return {
      analysis: analysisOf(options),
      nFeatures: options.nFeatures ?? 256,
      alternateSign: options.alternateSign ?? true,
      binary: options.binary ?? false,
      norm: options.norm === undefined ? 'l2' : options.norm,
      keep: options.keep ?? false,
    };
  },
  transform(fitted, table, names) {
    const rowOf = hasher(fitted);
    return replaceColumns(table, names, (column) => {
      const made = Array.from({ length: fitted.nFeatures }, (_, i) => `${column.name}_hashed_${i}`);
      const columns = spreadRows(TITLE, asText(column), made, rowOf);
      return fitted.keep ? [column, ...columns] : columns;
    });
  },
};

function hasher({
  analysis,
  nFeatures,
  alternateSign,
  binary,
  norm,
}: HashingState): (text: string) => SparseRow {
  const terms = termsBy(TITLE, analysis);
  const encoder = new TextEncoder();
  /** Place and sign of terms that were met: the same ones come again and again. */
  const known = new Map<string, number>();
  return (text) => {
    const counts = new Map<number, number>();
    for (const term of terms(text)) {
      let hash = known.get(term);
      if (hash === undefined) known.set(term, (hash = murmur3(encoder.encode(term))));
      const place = Math.abs(hash) % nFeatures;
      const sign = alternateSign && hash < 0 ? -1 : 1;
      counts.set(place, (counts.get(place) ?? 0) + sign);
    }
    const values = Float64Array.from(counts.values());
    if (binary) values.fill(1);
    normalise(values, norm);
    return { places: [...counts.keys()], values };
  };
}
