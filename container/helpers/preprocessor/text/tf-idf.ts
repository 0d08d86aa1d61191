import { KeplerError } from '../../../contract/errors.ts';
import type { TextColumn } from '../../../contract/table.ts';
import { byCodePoint } from '../../metrics/labels.ts';
import type { StepKind } from '../step.ts';
import { columnsOf, replaceColumns } from '../table.ts';
import { analysisOf } from './analysis-of.ts';
import { asText, normalise, spreadRows } from './text-columns.ts';
import type { SparseRow } from './text-columns.ts';
import type { TextOptions } from './text-options.ts';
import { termsBy } from './tokens.ts';
import type { Analysis } from './tokens.ts';

type TfIdfState = {
  readonly analysis: Analysis;
  readonly binary: boolean;
  readonly sublinearTf: boolean;
  readonly norm: 'l1' | 'l2' | null;
  readonly keep: boolean;
  readonly fields: readonly { readonly terms: readonly string[]; readonly weights: Float64Array }[];
};

const TITLE = 'textFeatures (tfidf)';

/** scikit-learn's TfidfVectorizer. Columns are `field_tfidf_0_term` and so on, terms in order; null is as an empty text. */
export const tfIdf: StepKind<TextOptions, TfIdfState> = {
  title: TITLE,
  takes: 'text',
  noOnnx: 'ONNX splits text into words in another way',
  fit(table, names, options) {
    const analysis = analysisOf(options);
    return {
      analysis,
      binary: options.binary ?? false,
      sublinearTf: options.sublinearTf ?? false,
      norm: options.norm === undefined ? 'l2' : options.norm,
      keep: options.keep ?? false,
      fields: columnsOf(table, names).map((column) =>
        vocabulary(asText(column), termsBy(TITLE, analysis), options),
      ),
    };
  },
  transform(fitted, table, names) {
    const terms = termsBy(TITLE, fitted.analysis);
    return replaceColumns(table, names, (column, f) => {
      const field = fitted.fields[f];
      const made = field.terms.map((term, i) => `${column.name}_tfidf_${i}_${term}`);
      const columns = spreadRows(TITLE, asText(column), made, weigher(fitted, field, terms));
      return fitted.keep ? [column, ...columns] : columns;
    });
  },
};

function vocabulary(
  column: TextColumn,
  terms: (text: string) => string[],
  options: TextOptions,
): TfIdfState['fields'][number] {
  const rows = column.codes.length;
  const repeats = new Float64Array(column.levels.length);
  for (const code of column.codes) if (code >= 0) repeats[code]++;
  const counts = new Map<string, { rows: number; total: number }>();
  column.levels.forEach((level, code) => {
    if (repeats[code] === 0) return;
    const found = new Map<string, number>();
    for (const term of terms(level)) found.set(term, (found.get(term) ?? 0) + 1);
    for (const [term, times] of found) {
      const count = counts.get(term) ?? { rows: 0, total: 0 };
      count.rows += repeats[code];
      count.total += repeats[code] * (options.binary ? 1 : times);
      counts.set(term, count);
    }
  });
  const { minDf = 1, maxDf = 1, maxFeatures = 100, useIdf = true, smoothIdf = true } = options;
  const least = minDf < 1 ? minDf * rows : minDf;
  const most = maxDf <= 1 ? maxDf * rows : maxDf;
  const kept = [...counts]
    .filter(([, count]) => count.rows >= least && count.rows <= most)
    .sort(([a, { total: x }], [b, { total: y }]) => y - x || byCodePoint(a, b))
    .slice(0, maxFeatures)
    .sort(([a], [b]) => byCodePoint(a, b));
  if (kept.length === 0) {
    throw new KeplerError(
      'invalid_data',
      `${TITLE}: no term of "${column.name}" is left of ${counts.size}. Its texts may be empty or of stop words alone, or minDf and maxDf leave none.`,
    );
  }
  const more = Number(smoothIdf);
  return {
    terms: kept.map(([term]) => term),
    weights: Float64Array.from(kept, ([, count]) =>
      useIdf ? Math.log((rows + more) / (count.rows + more)) + 1 : 1,
    ),
  };
}

function weigher(
  { binary, sublinearTf, norm }: TfIdfState,
  field: TfIdfState['fields'][number],
  terms: (text: string) => string[],
): (text: string) => SparseRow {
  const places = new Map(field.terms.map((term, i) => [term, i]));
  return (text) => {
    const counts = new Map<number, number>();
    for (const term of terms(text)) {
      const place = places.get(term);
      if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    const found = [...counts.keys()];
    const values = Float64Array.from(found, (place) => {
      const count = binary ? 1 : (counts.get(place) as number);
      return (sublinearTf ? 1 + Math.log(count) : count) * field.weights[place];
    });
    normalise(values, norm);
    return { places: found, values };
  };
}
