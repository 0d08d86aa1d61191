import { decodeState, encodeState } from '../../container/registry/state-codec.ts';
import type { State } from '../../container/contract/template.ts';

const round = (state: State) => decodeState(encodeState(state));

it('keeps nested values exactly', () => {
  const state = {
    numbers: [0, -0, NaN, Infinity, -Infinity, 1e-320, 0.1, 2 ** 53],
    text: 'ü\u{1F600}\ud800"\n\0',
    flags: [true, false, null],
    nested: { a: { b: [{ c: [] }, {}] } },
    $: 'a key of our own',
    $twice: { $: ['number', 'NaN'], other: -0 },
    empty: '',
    '': 1,
  };
  expect(round(state)).toStrictEqual(state);
});

it('keeps a key called __proto__ a key', () => {
  const state = JSON.parse('{"__proto__": {"polluted": 1}, "$": {"__proto__": 2}}') as State;
  const back = round(state);
  expect(Object.keys(back)).toEqual(['__proto__', '$']);
  expect((back as { polluted?: number }).polluted).toBeUndefined();
});

it('keeps every typed array bit by bit, at any alignment', () => {
  const bits = new Uint8Array(80).map((_, i) => (i * 89 + 7) % 256);
  const buffer = bits.buffer;
  const state = {
    u8: new Uint8Array(buffer, 3, 5),
    f64: new Float64Array(buffer, 8, 4),
    nan: new Float64Array(new BigUint64Array([0x7ff8000000000123n, 0xfff0000000000001n]).buffer),
    f32: new Float32Array(buffer, 4, 3),
    i32: new Int32Array(buffer, 4, 3),
    u32: new Uint32Array(buffer),
    i16: new Int16Array(buffer, 2, 7),
    u16: new Uint16Array(buffer, 6, 1),
    i8: new Int8Array(buffer, 1, 9),
    u8c: new Uint8ClampedArray(buffer, 1, 9),
    i64: new BigInt64Array(buffer, 8, 2),
    u64: new BigUint64Array(buffer, 8, 2),
    empty: new Float64Array(0),
    shared: new Float64Array(new SharedArrayBuffer(16)),
  };
  const encoded = encodeState(state);
  for (const shift of [0, 1, 4]) {
    const moved = new Uint8Array(encoded.length + shift);
    moved.set(encoded, shift);
    const back = decodeState(moved.subarray(shift)) as typeof state;
    for (const [name, array] of Object.entries(state)) {
      const read = back[name as keyof typeof state];
      expect(read.constructor.name).toBe(array.constructor.name);
      expect(Buffer.from(read.buffer, read.byteOffset, read.byteLength)).toEqual(
        Buffer.from(array.buffer, array.byteOffset, array.byteLength),
      );
    }
  }
});

it('keeps what a seeded generator makes', () => {
  let seed = 42;
  const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648), seed / 2147483648);
  const make = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 4 ? 5 : 8));
    if (kind === 0) return null;
    if (kind === 1) return random() < 0.5;
    if (kind === 2)
      return [NaN, -0, Infinity, -Infinity, random() * 1e300, random()][Math.floor(random() * 6)];
    if (kind === 3) return String.fromCharCode(...Array.from({ length: 5 }, () => random() * 65536));
    if (kind === 4) return Float64Array.from({ length: random() * 9 }, random);
    if (kind === 5) return Int16Array.from({ length: random() * 9 }, () => random() * 65536);
    const items = Array.from({ length: random() * 5 }, () => make(depth + 1));
    return kind === 6 ? items : Object.fromEntries(items.map((item, i) => [i % 2 ? '$' : `k${i}`, item]));
  };
  for (let i = 0; i < 500; i++) {
    const state = { value: make(0) };
    expect(round(state)).toStrictEqual(state);
  }
});

it('counts an undefined property as absent', () => {
  expect(Object.keys(round({ a: undefined, b: 1 }))).toEqual(['b']);
});

const cycle: Record<string, unknown> = {};
cycle.self = cycle;

it.each([
  ['a function', { a: () => 1 }, 'state.a is a function'],
  ['a symbol', { a: Symbol('x') }, 'state.a is a symbol'],
  ['a bigint', { a: 1n }, 'state.a is a bigint'],
  ['undefined in an array', { a: [1, undefined] }, 'state.a[1] is a undefined'],
  ['a hole', { a: [, 1] }, 'state.a[0]'], // eslint-disable-line no-sparse-arrays
  ['a map', { a: { b: new Map() } }, 'state.a.b is an object of the class Map'],
  ['a date', { a: new Date() }, 'class Date'],
  ['an instance', { a: new (class Tree {})() }, 'class Tree'],
  ['a DataView', { a: new DataView(new ArrayBuffer(8)) }, 'DataView'],
  ['a cycle', cycle, 'holds itself'],
])('refuses %s and says where it is', (_what, state, text) => {
  expect(() => encodeState(state as State)).toThrow(text);
});

it('reads no file that was cut short, at any place', () => {
  const bytes = encodeState({ a: new Float64Array([1, 2, 3]), b: [{ c: 'text' }] });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeState(bytes.subarray(0, length))).toThrow(/cannot be read/);
  }
});

it('survives any flipped byte: another value or an error of its own, never anything else', () => {
  const bytes = encodeState({ a: new Int32Array([1, 2]), b: [{ c: 'text', $: NaN }] });
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [1, 2, 16, 128]) {
      const wrong = bytes.slice();
      wrong[at] ^= flip;
      try {
        decodeState(wrong);
      } catch (error) {
        expect(error).toMatchObject({ code: 'model_damaged' });
      }
    }
  }
});

it.each([
  '[1]',
  '"text"',
  '{"a":{"$":["f64",0,99]}}',
  '{"a":{"$":["f64",4,1]}}',
  '{"a":{"$":["f64",-8,1]}}',
  '{"a":{"$":["f64",0,1e300]}}',
  '{"a":{"$":["nothing",0,0]}}',
  '{"a":{"$":["constructor",0,0]}}',
  '{"a":{"$":["number","1;2"]}}',
  '{"a":{"$":["object",[[1,2]]]}}',
  '{"a":{"$":3}}',
])('refuses the header %s', (json) => {
  const header = Buffer.from(json);
  const bytes = Buffer.alloc(8 + Math.ceil(header.length / 8) * 8 + 16);
  bytes.write('KST1', 0, 'latin1');
  bytes.writeUInt32LE(header.length, 4);
  header.copy(bytes, 8);
  expect(() => decodeState(bytes)).toThrow(/cannot be read/);
});
