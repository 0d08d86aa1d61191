import { createHash } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { SplError } from '../pipeline.ts';
import type { FunctionDefinition } from './definition.ts';
import type { Value } from './values.ts';
import { numberText, toNumber, toText } from './values.ts';

/** A function of texts: null where its first argument is null. */
function text(
  count: number | readonly [number, number],
  compute: (first: string, ...rest: (string | null)[]) => Value,
): FunctionDefinition {
  const [least, most] = typeof count === 'number' ? [count, count] : count;
  return {
    least,
    most,
    bind: (args) => (row) => {
      const [first, ...rest] = args.map((arg) => toText(arg(row)));
      return first === null ? null : compute(first, ...rest);
    },
  };
}

const patterns = new Map<string, RegExp>();

/** A regular expression from its text; PCRE's named groups `(?P<x>…)` are read too. */
export function pattern(source: string, flags = 'u'): RegExp {
  const key = `${flags}/${source}`;
  let found = patterns.get(key);
  if (!found) {
    const ignoreCase = source.startsWith('(?i)');
    const body = (ignoreCase ? source.slice(4) : source).replaceAll('(?P<', '(?<');
    try {
      found = new RegExp(body, flags + (ignoreCase ? 'i' : ''));
    } catch {
      try {
        // Escapes that only the unicode mode refuses, such as `\-`.
        found = new RegExp(body, flags.replace('u', '') + (ignoreCase ? 'i' : ''));
      } catch (error) {
        throw new SplError(`The regular expression '${source}' cannot be read: ${(error as Error).message}.`);
      }
    }
    patterns.set(key, found);
  }
  return found;
}

/** SQL's wildcards: `%` for any text, `_` for one character. */
function like(value: string, wildcards: string): boolean {
  const source = wildcards
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[\\s\\S]*')
    .replaceAll('_', '[\\s\\S]');
  return pattern(`^${source}$`).test(value);
}

function tostring(value: string, format: string | null): string {
  const number = toNumber(value);
  if (!format || number === null) return value;
  switch (format.toLowerCase()) {
    case 'hex':
      return `0x${Math.trunc(number).toString(16).toUpperCase()}`;
    case 'commas':
      return number.toLocaleString('en-US', {
        maximumFractionDigits: 2,
        minimumFractionDigits: Number.isInteger(number) ? 0 : 2,
      });
    case 'duration': {
      const whole = Math.floor(number);
      const parts = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
      const days = Math.floor(whole / 86400);
      return (days > 0 ? `${days}+` : '') + parts.map((part) => String(part).padStart(2, '0')).join(':');
    }
    default:
      return value;
  }
}

function tonumber(value: string, base: string | null): Value {
  if (base === null) return toNumber(value);
  const parsed = parseInt(value, Number(base));
  return Number.isNaN(parsed) ? null : parsed;
}

function substr(value: string, start: string | null, length: string | null): string {
  const from = Number(start);
  const begin = from > 0 ? from - 1 : Math.max(0, value.length + from);
  return value.slice(begin, length === null ? undefined : begin + Math.max(0, Number(length)));
}

const trimmed = (side: 'both' | 'left' | 'right') => (value: string, characters: string | null) => {
  const set = characters === null ? '\\s' : characters.replace(/[\\\]^-]/g, '\\$&');
  let result = value;
  if (side !== 'right') result = result.replace(new RegExp(`^[${set}]+`), '');
  if (side !== 'left') result = result.replace(new RegExp(`[${set}]+$`), '');
  return result;
};

const digest = (name: string): FunctionDefinition =>
  text(1, (value) => createHash(name).update(value).digest('hex'));

/** Whether an address lies in a network such as `10.0.0.0/8`. */
function cidrmatch(network: string, address: string): boolean {
  const [base, bits] = network.split('/');
  const family = isIP(base);
  if (family === 0 || isIP(address) !== family) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), kind);
  return list.check(address, kind);
}

export const TEXT_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  len: text(1, (value) => [...value].length),
  lower: text(1, (value) => value.toLowerCase()),
  upper: text(1, (value) => value.toUpperCase()),
  substr: text([2, 3], (value, start, length = null) => substr(value, start, length)),
  trim: text([1, 2], (value, set = null) => trimmed('both')(value, set)),
  ltrim: text([1, 2], (value, set = null) => trimmed('left')(value, set)),
  rtrim: text([1, 2], (value, set = null) => trimmed('right')(value, set)),
  like: text(2, (value, wildcards) => (wildcards === null ? null : like(value, wildcards))),
  match: text(2, (value, regex) => (regex === null ? null : pattern(regex).test(value))),
  replace: text(3, (value, regex, by) =>
    regex === null || by === null
      ? null
      : value.replace(
          pattern(regex, 'gu'),
          by.replace(/\$/g, '$$$$').replace(/\\(\d+)/g, (_, n) => `$${n}`),
        ),
  ),
  tonumber: text([1, 2], (value, base = null) => tonumber(value, base)),
  tostring: {
    least: 1,
    most: 2,
    bind:
      ([value, format]) =>
      (row) => {
        const v = value(row);
        if (v === null) return null;
        const plain = typeof v === 'number' ? numberText(v) : toText(v)!;
        return format ? tostring(plain, toText(format(row))) : plain;
      },
  },
  urldecode: text(1, (value) => decodeURIComponent(value.replaceAll('+', ' '))),
  cidrmatch: text(2, (network, address) => (address === null ? null : cidrmatch(network, address))),
  ...Object.fromEntries(['md5', 'sha1', 'sha256', 'sha512'].map((name) => [name, digest(name)])),
};
