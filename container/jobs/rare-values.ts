import type { Message } from '../contract/requests.ts';
import type { Rarities } from '../table/reader.ts';

/**
 * Warnings of a chunk of `apply` about values that count as null where the model needs numbers: texts, NaN, infinities.
 * Each carries its count, so that a search of many chunks hears of them once.
 */
export function rareValueWarnings(
  { text, notFinite, sample }: Rarities,
  names: readonly string[],
  model: string,
): Message[] {
  return names.flatMap((name, c) => [
    ...counted(`text:${name}`, text[c], (n, one) =>
      [
        `Field "${name}" was numeric when the model "${model}" was fitted;`,
        `${n} of its values ${one ? 'is' : 'are'} text (such as "${sample[c]}") and ${one ? 'counts' : 'count'} as null.`,
      ].join(' '),
    ),
    ...counted(`not-finite:${name}`, notFinite[c], (n, one) => notFiniteText(name, n, one)),
  ]);
}

/** The same for a `fit`, which sees all rows at once. */
export function notFiniteWarning(name: string, count: number): Message {
  return { level: 'WARN', text: notFiniteText(name, count, count === 1) };
}

function notFiniteText(name: string, n: string | number, one: boolean): string {
  return `${n} ${one ? 'value' : 'values'} of field "${name}" ${one ? 'is NaN or infinite and counts' : 'are NaN or infinite and count'} as null.`;
}

function counted(key: string, count: number, about: (n: string | number, one: boolean) => string): Message[] {
  if (count === 0) return [];
  return [
    {
      level: 'WARN',
      text: about(count, count === 1),
      tally: { key, count, total: about('{n}', false) },
    },
  ];
}
