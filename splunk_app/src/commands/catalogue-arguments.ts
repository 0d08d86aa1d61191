import { nounOf, problemsOf, verbOf } from '../../../container/contract/catalogue/arguments.ts';
import type { Noun, Verb } from '../../../container/contract/catalogue/types.ts';
import { usageOfNoun, usageOfVerb } from '../../../container/contract/catalogue/usage.ts';
import { VERBS } from '../../../container/contract/catalogue/verbs.ts';
import type { RawOptions } from '../../../container/contract/requests.ts';
import { Problems } from './grammar.ts';
import { TokenError, tokenise } from './tokens.ts';

export const KEPLER_USAGE = '| kepler <noun> [<name>] [<option>=<value> …]';
export const KEPLERCTL_USAGE = '| keplerctl <verb> [<name>] [<option>=<value> …]';

interface Words {
  readonly words: string[];
  readonly options: Record<string, string>;
}

/** What stands behind `kepler`. @throws KeplerError invalid_arguments, naming all that is wrong */
export function parseKepler(
  rawArgs: string | readonly string[],
  probe: boolean,
): { noun: Noun; name?: string; options: RawOptions } {
  const problems = new Problems();
  const { words, options } = split(rawArgs, probe, problems);
  const [word = '', ...rest] = words;
  const noun = nounOf(word);
  if (typeof noun === 'string') {
    problems.add(noun);
    throw problems.toError('kepler', KEPLER_USAGE);
  }
  const name = nameOf(noun, rest, options, problems);
  if (problems.any) throw problems.toError('kepler', usageOfNoun(noun));
  return { noun, ...(name !== undefined && { name }), options };
}

/** What stands behind `keplerctl`. @throws KeplerError invalid_arguments, naming all that is wrong */
export function parseKeplerctl(
  rawArgs: string | readonly string[],
  probe: boolean,
): { verb: Verb; name?: string; options: RawOptions } {
  const problems = new Problems();
  const { words, options } = split(rawArgs, probe, problems);
  // `runtime start` is one verb of two words.
  const double = VERBS.some(({ name }) => name.startsWith(`${words[0]} `));
  const rest = words.slice(double ? 2 : 1);
  const verb = verbOf(words.slice(0, double ? 2 : 1).join(' '));
  if (typeof verb === 'string') {
    problems.add(verb);
    throw problems.toError('keplerctl', KEPLERCTL_USAGE);
  }
  if (verb.open) takeSettings(rest, options);
  const name = nameOf(verb, rest, options, problems);
  if (problems.any) throw problems.toError('keplerctl', usageOfVerb(verb));
  return { verb, ...(name !== undefined && { name }), options };
}

function nameOf(
  of: Noun | Verb,
  [name, ...more]: readonly string[],
  options: RawOptions,
  problems: Problems,
): string | undefined {
  for (const problem of problemsOf(of, name, options)) problems.add(problem);
  if (more.length > 0) problems.add(`${of.name} takes one name; ${more.join(', ')} cannot stand behind it.`);
  return name;
}

function split(rawArgs: string | readonly string[], probe: boolean, problems: Problems): Words {
  const words: string[] = [];
  const options: Record<string, string> = {};
  try {
    for (const token of tokenise(rawArgs)) {
      if (token.kind === 'word') words.push(token.text);
      else if (token.kind === 'option') define(options, token.name, token.value);
      else if (!probe) problems.add(`${token.text.slice(0, 40)} was not run as a subsearch.`);
    }
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    problems.add(error.message);
  }
  return { words, options };
}

/** `hec.url=…` is a word to SPL, because of the dot. */
function takeSettings(words: string[], options: Record<string, string>): void {
  for (const word of words.splice(0)) {
    const equals = word.indexOf('=');
    if (equals > 0) define(options, word.slice(0, equals), word.slice(equals + 1));
    else words.push(word);
  }
}

/** As an own property, whatever it is called. */
function define(options: Record<string, string>, name: string, value: string): void {
  Object.defineProperty(options, name, { value, enumerable: true, writable: true, configurable: true });
}
