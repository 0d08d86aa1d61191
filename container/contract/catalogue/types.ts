/** What the catalogue of `kepler` and `keplerctl` says of each noun, verb, field and option. */

export type CellKind =
  | 'text'
  | 'integer'
  | 'number'
  /** `true` or `false`. */
  | 'boolean'
  /** Seconds since 1970 with three decimals. */
  | 'time'
  /** A multivalue cell. */
  | 'list'
  | 'json';

/** A column of the rows that a noun answers. "No such value" is an empty cell. */
export interface Field {
  readonly name: string;
  readonly kind: CellKind;
  readonly about: string;
}

export type OptionKind = 'text' | 'integer' | 'boolean' | 'time' | 'choice';

export interface Option {
  readonly name: string;
  readonly kind: OptionKind;
  readonly about: string;
  /** Of `choice`. */
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** Of `integer`. */
  readonly least?: number;
  readonly most?: number;
}

/** The word behind a noun or a verb. */
export interface Argument {
  readonly of: 'model' | 'runtime' | 'job' | 'image' | 'template' | 'setting' | 'dataset';
  readonly required: boolean;
  /** Whether `@<version>` may, or must, stand behind a model's name. */
  readonly version?: 'may' | 'must';
  readonly about: string;
}

/** Other fields in place of the noun's own, where an option is given. */
export interface Variant {
  readonly option: string;
  /** Absent: any value of the option, but `false`. */
  readonly value?: string;
  readonly about: string;
  readonly fields: readonly Field[];
}

/** `both`: the command puts together what the runtime says and what the search head knows. */
export type AnsweredBy = 'runtime' | 'search head' | 'both';

/** Something that `| kepler <noun>` answers rows of. */
export interface Noun {
  readonly name: string;
  readonly about: string;
  readonly argument?: Argument;
  readonly options: readonly Option[];
  readonly fields: readonly Field[];
  readonly variants?: readonly Variant[];
  readonly answeredBy: AnsweredBy;
}

export const CAPABILITIES = Object.freeze([
  'edit_kepler_models',
  'edit_kepler_runtimes',
  'edit_kepler_templates',
] as const);
export type Capability = (typeof CAPABILITIES)[number];

/** Something that `| keplerctl <verb>` does. A name of two words is written as two words. */
export interface Verb {
  readonly name: string;
  readonly about: string;
  readonly argument?: Argument;
  readonly options: readonly Option[];
  /** Takes options that it does not list: names of settings with their values. */
  readonly open?: boolean;
  /** Whose it is, besides who has the capability. */
  readonly owner?: 'model' | 'job' | 'dataset';
  readonly needs: Capability;
  readonly answeredBy: AnsweredBy;
  /** What it answers, where that is not a row for each thing that changed. */
  readonly fields?: readonly Field[];
}

export const field = (name: string, kind: CellKind, about: string): Field => ({ name, kind, about });

export const option = (
  name: string,
  kind: OptionKind,
  about: string,
  more: Partial<Option> = {},
): Option => ({ name, kind, about, ...more });

/** Which runtime is meant; the command asks that one, and takes the option for itself. */
export const RUNTIME_OPTION: Option = option(
  'runtime',
  'text',
  'the <name> of [runtime:<name>]; without it main, which searches use',
);
