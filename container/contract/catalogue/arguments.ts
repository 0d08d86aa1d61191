/** Checks what stands behind a noun or a verb against the catalogue: in the command, and again in the runtime. */
import { clipped } from '../clipped.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { RawOptions } from '../requests.ts';
import { parseBoolean } from '../boolean.ts';
import { NOUNS, findNoun } from './nouns.ts';
import type { Argument, Noun, Option, Verb } from './types.ts';
import { VERBS, findVerb } from './verbs.ts';

/** The noun of this name, or what to say to the person who wrote it. */
export function nounOf(name: string): Noun | string {
  return findNoun(name) ?? unknown('noun', name, NOUNS);
}

/** The verb of this name, or what to say to the person who wrote it. */
export function verbOf(name: string): Verb | string {
  return findVerb(name) ?? unknown('verb', name, VERBS);
}

function unknown(what: string, name: string, known: readonly { name: string }[]): string {
  const names = known.map((one) => one.name);
  const listed = `It is one of ${names.join(', ')}.`;
  if (name === '') return `the ${what} is missing. ${listed}`;
  return `there is no ${what} "${clipped(name)}".${meant(name, names)} ${listed}`;
}

/** Everything that is wrong with name and options, a sentence each; empty where nothing is. */
export function problemsOf(of: Noun | Verb, name: string | undefined, options: RawOptions): string[] {
  const problems: string[] = [];
  const named = nameProblem(of, name);
  if (named) problems.push(named);
  for (const option of of.options) {
    const given = Object.hasOwn(options, option.name) ? options[option.name] : undefined;
    const problem = given === undefined ? absent(of, option) : wrong(option, given);
    if (problem) problems.push(problem);
  }
  const known = of.options.map((option) => option.name);
  const open = 'open' in of && of.open;
  for (const given of Object.keys(options)) {
    if (open || known.includes(given)) continue;
    const takes = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
    problems.push(`${of.name} has no option ${clipped(given)}; ${takes}.${meant(given, known)}`);
  }
  return problems;
}

function nameProblem({ name: what, argument }: Noun | Verb, name: string | undefined): string | undefined {
  if (!argument)
    return name === undefined ? undefined : `${what} takes no name; "${clipped(name)}" was given.`;
  if (name === undefined || name === '') {
    return argument.required ? `${what} needs ${nameOf(argument)} behind it.` : undefined;
  }
  if (argument.of !== 'model' && argument.of !== 'dataset') return undefined;
  const version = name.includes('@');
  if (version && !argument.version)
    return `${what} takes a ${argument.of}, not a version of it: leave out @….`;
  if (!version && argument.version === 'must') {
    return `${what} needs a version: ${clipped(name)}@<version>, or ${clipped(name)}@<alias>.`;
  }
  return undefined;
}

/** `<model>@<version>`: the word as the usage shows it. */
export function nameOf({ of, version }: Argument): string {
  if (version === 'must') return `<${of}>@<version>`;
  return version === 'may' ? `<${of}>[@<version>]` : `<${of}>`;
}

function absent({ name }: Noun | Verb, option: Option): string | undefined {
  return option.required ? `${name} needs ${option.name}=: ${option.about}.` : undefined;
}

function wrong(option: Option, given: string): string | undefined {
  const { name, kind, choices = [] } = option;
  const shown = `${name}=${clipped(given)}`;
  if (given === '') return `${name}= needs a value.`;
  if (kind === 'boolean' && parseBoolean(given) === undefined) return `${shown} must be true or false.`;
  if (kind === 'choice' && !choices.includes(given)) {
    return `${shown} is not allowed; it is one of ${choices.join(', ')}.${meant(given, choices)}`;
  }
  if (kind === 'integer') return wrongInteger(option, given, shown);
  if (kind === 'time' && timeOf(given, 0) === undefined) {
    return `${shown} must be seconds since 1970, or a time ago such as -24h (s, m, h, d, w).`;
  }
  return undefined;
}

function wrongInteger({ least, most }: Option, given: string, shown: string): string | undefined {
  const value = Number(given);
  const whole = /^[-+]?\d+$/.test(given) && Number.isSafeInteger(value);
  if (whole && value >= (least ?? -Infinity) && value <= (most ?? Infinity)) return undefined;
  const range = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ];
  return `${shown} must be a whole number${range.length > 0 ? ` of ${range.join(' and ')}` : ''}.`;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds since 1970 of `1763700000`, or of `-24h` before `now`; undefined for anything else. */
export function timeOf(text: string, now: number): number | undefined {
  const ago = /^-(\d{1,9})([smhdw])$/.exec(text);
  if (ago) return now - Number(ago[1]) * SECONDS[ago[2]];
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function meant(word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  return near === undefined || near === word ? '' : ` Did you mean ${near}?`;
}
