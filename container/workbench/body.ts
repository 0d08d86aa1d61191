/** Reads what the page sends. Everything is checked here: whoever has a session may send anything. */
import { KeplerError } from '../contract/errors.ts';
import type { CheckRequest, PublishRequest, RunRequest } from '../contract/workbench.ts';

const MOST_FIELDS = 4000;

function wrong(what: string): KeplerError {
  return new KeplerError('bad_request', `The request is not as the workbench's page makes it: ${what}.`);
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw wrong(`${what} is no object`);
}

/** @throws KeplerError bad_request */
export function textIn(body: unknown, name: string): string {
  const value = objectOf(body, 'the body')[name];
  if (typeof value === 'string') return value;
  throw wrong(`${name} is no text`);
}

export function optionalText(body: unknown, name: string): string | undefined {
  return objectOf(body, 'the body')[name] === undefined ? undefined : textIn(body, name);
}

export function checkRequest(body: unknown): CheckRequest {
  return { file: textIn(body, 'file'), text: textIn(body, 'text') };
}

export function runRequest(body: unknown): RunRequest {
  const target = optionalText(body, 'target');
  const holdout = holdoutIn(body);
  return {
    ...checkRequest(body),
    data: textIn(body, 'data'),
    ...(target !== undefined && { target }),
    features: featuresIn(body),
    options: optionsIn(body),
    ...(holdout !== undefined && { holdout }),
  };
}

export function publishRequest(body: unknown): PublishRequest {
  const etag = optionalText(body, 'etag');
  return {
    ...(optionalText(body, 'data') === undefined ? checkRequest(body) : runRequest(body)),
    ...(etag !== undefined && { etag }),
  };
}

function featuresIn(body: unknown): readonly string[] {
  const { features } = objectOf(body, 'the body');
  if (
    Array.isArray(features) &&
    features.length <= MOST_FIELDS &&
    features.every((one) => typeof one === 'string')
  )
    return features as string[];
  throw wrong('features is no list of names');
}

function optionsIn(body: unknown): Readonly<Record<string, string>> {
  const options = Object.entries(objectOf(objectOf(body, 'the body').options, 'options'));
  if (options.every(([, value]) => typeof value === 'string'))
    return Object.fromEntries(options as [string, string][]);
  throw wrong('an option is no text');
}

function holdoutIn(body: unknown): number | undefined {
  const { holdout } = objectOf(body, 'the body');
  if (holdout === undefined || holdout === null) return undefined;
  if (typeof holdout === 'number' && holdout > 0 && holdout < 1) return holdout;
  throw wrong('holdout is no share between 0 and 1');
}
