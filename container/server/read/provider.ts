import { parseBoolean } from '../../contract/boolean.ts';
import type { Noun } from '../../contract/catalogue/types.ts';
import { KeplerError } from '../../contract/errors.ts';
import { parseReference } from '../../contract/model-name.ts';
import type { ModelReference, RawOptions, ResultTable } from '../../contract/requests.ts';
import type { Whose } from '../../registry/access.ts';
import type { Principal } from '../../registry/types.ts';
import type { Services } from '../services.ts';

/** A question whose name and options were checked against the catalogue. */
export interface Question {
  readonly noun: Noun;
  readonly name: string | undefined;
  readonly options: RawOptions;
  readonly principal: Principal;
  readonly services: Services;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Answers the rows of one noun. @throws KeplerError */
export type Provider = (question: Question) => Promise<ResultTable> | ResultTable;

export function flagOf(options: RawOptions, name: string): boolean {
  return Object.hasOwn(options, name) && parseBoolean(options[name]) === true;
}

export function integerOf(options: RawOptions, name: string): number | undefined {
  return Object.hasOwn(options, name) ? Number(options[name]) : undefined;
}

/** The model that a name means: `churn`, `app:churn@3`. @throws KeplerError invalid_arguments */
export function referenceOf(name: string): ModelReference {
  const problems: string[] = [];
  const reference = parseReference(name, { add: (text) => void problems.push(text) });
  if (reference && problems.length === 0) return reference;
  throw new KeplerError('invalid_arguments', problems.join(' '));
}

export function whoseOf({ owner, app }: RawOptions): Whose {
  return { ...(owner !== undefined && { owner }), ...(app !== undefined && { app }) };
}
