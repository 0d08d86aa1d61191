/**
 * Translates what the commands and the runtime say. They say it in English, to every search, dashboard and log alike; a language's
 * file knows their sentences by their form.
 */
interface Form {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly text: string;
}

const NAME = /\{(\w+)\}/g;
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Those that begin alike are tried longest first: the more words are fixed, the surer it is meant. */
export function formsOf(said: Readonly<Record<string, string>>): readonly Form[] {
  return Object.entries(said)
    .sort(([a], [b]) => b.length - a.length)
    .map(([english, text]) => ({
      // Every second piece is a name.
      pattern: new RegExp(
        `^${english
          .split(NAME)
          .map((piece, at) => (at % 2 ? '(.+?)' : literally(piece)))
          .join('')}$`,
        's',
      ),
      names: [...english.matchAll(NAME)].map(([, name]) => name),
      text,
    }));
}

function one(sentence: string, forms: readonly Form[]): string | undefined {
  for (const { pattern, names, text } of forms) {
    const match = pattern.exec(sentence);
    if (!match) continue;
    return text.replace(NAME, (_whole, name: string) => match[names.indexOf(name) + 1]);
  }
  return undefined;
}

/** Sentence by sentence; one that no form fits stays as it is. */
export function translateSaid(text: string, forms: readonly Form[]): string {
  return text
    .split(/(?<=[.!?]) (?=[A-Z0-9{[])/)
    .map((sentence) => one(sentence, forms) ?? sentence)
    .join(' ');
}
