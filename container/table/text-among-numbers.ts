import type { TextColumn } from '../contract/table.ts';
import { readNumber } from './numbers.ts';

/** Numbers written as no parser of numbers reads them: hexadecimal, thousands separators, decimal commas. */
const ODD_NUMBER = /^\s*[-+]?(0x[\da-f]+|\d{1,3}([,' _]\d{3})+(\.\d+)?|\d+,\d+)\s*$/i;

/**
 * A text that made text of a column in which numbers were probably meant: most of its values are numbers, or this one is a
 * number written oddly. Undefined where the column is plain text. One such cell changes what a model learns from the whole
 * column, so the search is told.
 */
export function textAmongNumbers(column: TextColumn): string | undefined {
  const texts = column.levels.filter((level) => readNumber(level).kind === 'text');
  const odd = texts.find((level) => ODD_NUMBER.test(level));
  return odd ?? (texts.length * 2 < column.levels.length ? texts[0] : undefined);
}
