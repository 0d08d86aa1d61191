import type { StepKind } from '../step.ts';
import { replaceColumns } from '../table.ts';
import { asText, spreadRows } from './text-columns.ts';
import type { TextOptions } from './text-options.ts';

export const STATISTICS = ['length', 'words', 'digits', 'uppercase', 'punctuation', 'entropy'] as const;
type Statistic = (typeof STATISTICS)[number];

type StatisticsState = { readonly features: readonly Statistic[]; readonly keep: boolean };

const TITLE = 'textFeatures (statistics)';

/** How long a text is, and what it is made of; null is as an empty text. Columns are `field_length` and so on. */
export const statistics: StepKind<TextOptions, StatisticsState> = {
  title: TITLE,
  takes: 'text',
  noOnnx: 'ONNX counts no characters',
  fit: (_table, _names, { features, keep }) => ({
    features: [...new Set(features ?? STATISTICS)],
    keep: keep ?? false,
  }),
  transform({ features, keep }, table, names) {
    const places = features.map((_, i) => i);
    return replaceColumns(table, names, (column) => {
      const made = features.map((feature) => `${column.name}_${feature}`);
      const columns = spreadRows(TITLE, asText(column), made, (text) => ({
        places,
        values: features.map((feature) => statisticOf(feature, text)),
      }));
      return keep ? [column, ...columns] : columns;
    });
  },
};

/** Characters are code points. */
function statisticOf(feature: Statistic, text: string): number {
  switch (feature) {
    case 'length':
      return [...text].length;
    case 'words':
      return text.match(/\S+/g)?.length ?? 0;
    case 'digits':
      return text.match(/\p{Nd}/gu)?.length ?? 0;
    case 'uppercase':
      return text.match(/\p{Lu}/gu)?.length ?? 0;
    case 'punctuation':
      return text.match(/[\p{P}\p{S}]/gu)?.length ?? 0;
    case 'entropy':
      return entropy(text);
  }
}

/** Shannon's, in bits a character: high for what looks drawn at random, as made-up domain names. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  let length = 0;
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
    length++;
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return bits;
}
