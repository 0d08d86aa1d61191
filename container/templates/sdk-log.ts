/** A template's log: structured, with search id, user and model by itself. */
import { host } from './node-host/door.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Structured log: carries search id, user and model by itself. */
export const log = Object.freeze({
  debug: (text: string, fields?: Fields) => host().log('debug', text, fields),
  info: (text: string, fields?: Fields) => host().log('info', text, fields),
  warn: (text: string, fields?: Fields) => host().log('warn', text, fields),
  error: (text: string, fields?: Fields) => host().log('error', text, fields),
});
