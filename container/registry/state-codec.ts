/**
 * What a fit returned, as bytes, and back: nested plain objects and arrays with typed arrays, exact to the last bit.
 *
 *   u32 "KST1"   u32 bytes of the JSON   JSON (UTF-8)   zeros up to a multiple of 8   typed arrays, each at a multiple of 8
 *
 * What JSON cannot hold stands in it as an object with the one key "$": `{"$":["f64",offset,length]}` for a typed array,
 * `{"$":["number","NaN"]}`, and `{"$":["object",[[key,value]…]]}` for an object that itself has a key "$".
 * Little-endian throughout, as every platform of Node.js is.
 */
import { KeplerError } from '../contract/errors.ts';
import type { State } from '../contract/template.ts';

const MAGIC = 0x3154534b;
const ALIGNMENT = 8;
const PREAMBLE = 8;
/** Deeper nesting can only be a mistake, or a file made to exhaust the stack. */
const DEEPEST = 200;

const ARRAYS = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  i16: Int16Array,
  u16: Uint16Array,
  i8: Int8Array,
  u8: Uint8Array,
  u8c: Uint8ClampedArray,
  i64: BigInt64Array,
  u64: BigUint64Array,
} as const;
type ArrayName = keyof typeof ARRAYS;
type TypedArray = InstanceType<(typeof ARRAYS)[ArrayName]>;

/**
 * A property that is undefined counts as absent. Typed arrays in shared memory are copied.
 * @throws KeplerError internal, naming the place of a value that cannot be kept
 */
export function encodeState(state: State): Uint8Array {
  const arrays: { array: TypedArray; offset: number }[] = [];
  let binary = 0;
  const add = (name: ArrayName, array: TypedArray) => {
    const offset = binary;
    arrays.push({ array, offset });
    binary = aligned(binary + array.byteLength);
    return { $: [name, offset, array.length] };
  };
  const json = Buffer.from(JSON.stringify(toJson(state, 'state', 0, add)), 'utf8');
  const start = aligned(PREAMBLE + json.length);
  const bytes = new Uint8Array(start + binary);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.length, true);
  bytes.set(json, PREAMBLE);
  for (const { array, offset } of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + offset);
  }
  return bytes;
}

/** The typed arrays of the result may be views of `bytes`. @throws KeplerError model_damaged */
export function decodeState(bytes: Uint8Array): State {
  if (bytes.byteLength < PREAMBLE) throw damaged('it is too short');
  const own = bytes.byteOffset % ALIGNMENT === 0 ? bytes : bytes.slice();
  const view = new DataView(own.buffer, own.byteOffset, own.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw damaged('it is of another format, or of a newer Kepler');
  const length = view.getUint32(4, true);
  if (PREAMBLE + length > own.byteLength) throw damaged('its header is longer than the file');
  const start = aligned(PREAMBLE + length);
  let json: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(own.subarray(PREAMBLE, PREAMBLE + length));
    json = JSON.parse(text);
  } catch (error) {
    throw damaged('its header is not JSON', error);
  }
  const state = fromJson(json, 0, (name, offset, count) => {
    const Kind = ARRAYS[name];
    const from = start + offset;
    if (offset % ALIGNMENT !== 0 || from + count * Kind.BYTES_PER_ELEMENT > own.byteLength) {
      throw damaged('an array lies outside the file');
    }
    return count === 0 ? new Kind(0) : new Kind(own.buffer as ArrayBuffer, own.byteOffset + from, count);
  });
  if (state === null || typeof state !== 'object' || Array.isArray(state))
    throw damaged('it holds no object');
  return state as State;
}

type Add = (name: ArrayName, array: TypedArray) => unknown;

function toJson(value: unknown, path: string, depth: number, add: Add): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { $: ['number', Object.is(value, -0) ? '-0' : String(value)] };
  }
  if (typeof value !== 'object') throw unkept(path, `a ${typeof value}`);
  if (depth > DEEPEST) throw unkept(path, `nesting deeper than ${DEEPEST}, or an object that holds itself`);
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, i) => toJson(item, `${path}[${i}]`, depth + 1, add));
  }
  if (ArrayBuffer.isView(value)) {
    // By tag, not by class: a Buffer is bytes, and another realm's arrays are no instances of ours.
    const tag = (value as TypedArray)[Symbol.toStringTag];
    const name = (Object.keys(ARRAYS) as ArrayName[]).find((key) => ARRAYS[key].name === tag);
    if (!name) throw unkept(path, value.constructor.name);
    return add(name, value as TypedArray);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw unkept(path, `an object of the class ${value.constructor?.name}`);
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw unkept(path, 'a key that is a symbol');
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, toJson(item, `${path}.${key}`, depth + 1, add)] as const);
  return Object.hasOwn(value, '$') ? { $: ['object', entries] } : Object.fromEntries(entries);
}

type Take = (name: ArrayName, offset: number, count: number) => TypedArray;

function fromJson(value: unknown, depth: number, take: Take): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (depth > 2 * DEEPEST) throw damaged('it is nested too deeply');
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth + 1, take));
  if (!Object.hasOwn(value, '$')) return fromEntries(Object.entries(value), depth, take);
  const mark = (value as { $: unknown }).$;
  if (!Array.isArray(mark)) throw damaged('a mark cannot be read');
  const [kind, ...rest] = mark as unknown[];
  if (kind === 'number' && ['NaN', 'Infinity', '-Infinity', '-0'].includes(rest[0] as string)) {
    return Number(rest[0]);
  }
  if (kind === 'object' && Array.isArray(rest[0]) && rest[0].every(isEntry)) {
    return fromEntries(rest[0], depth, take);
  }
  const [offset, count] = rest;
  if (typeof kind === 'string' && Object.hasOwn(ARRAYS, kind) && isCount(offset) && isCount(count)) {
    return take(kind as ArrayName, offset, count);
  }
  throw damaged('a mark cannot be read');
}

/** Defines own properties, so that a key named __proto__ stays a key. */
function fromEntries(entries: readonly [string, unknown][], depth: number, take: Take): unknown {
  return Object.fromEntries(entries.map(([key, item]) => [key, fromJson(item, depth + 1, take)]));
}

function isEntry(entry: unknown): entry is [string, unknown] {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function unkept(path: string, what: string): KeplerError {
  return new KeplerError('internal', `A model's state cannot be kept: ${path} is ${what}.`);
}

function damaged(why: string, cause?: unknown): KeplerError {
  return new KeplerError('model_damaged', `The model's state cannot be read: ${why}.`, { cause });
}
