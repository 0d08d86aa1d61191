/** The kernels' lookup tables (see `assembly/addresses.ts`), written once into each memory. */
export interface TablePlaces {
  readonly shuffles: number;
  readonly powersOfFive: number;
  readonly powersForWriting: number;
  readonly digitPairs: number;
  readonly divisors: number;
}

const LOW_64 = (1n << 64n) - 1n;

let written: Uint8Array | undefined;

export function writeLookupTables(buffer: ArrayBufferLike, places: TablePlaces): void {
  const from = places.shuffles;
  const end = places.divisors + 8192;
  if (written) new Uint8Array(buffer).set(written, from);
  else {
    computeTables(buffer, places);
    written = new Uint8Array(buffer).slice(from, end);
  }
}

function computeTables(buffer: ArrayBufferLike, places: TablePlaces): void {
  const bytes = new Uint8Array(buffer);
  const words = new BigUint64Array(buffer);
  const doubles = new Float64Array(buffer);

  for (let length = 0; length <= 16; length++) {
    for (let point = 0; point <= length; point++) {
      const place = length * 16 + point;
      const digits = point < length ? length - 1 : length;
      for (let lane = 0; lane < 16; lane++) {
        const digit = lane - (16 - digits);
        // A lane number of 255 gives zero.
        bytes[places.shuffles + place * 16 + lane] = digit < 0 ? 255 : digit < point ? digit : digit + 1;
      }
      // Without a digit, the point or what ends the number stands in for one, and is found to be none.
      if (digits === 0) bytes[places.shuffles + place * 16 + 15] = 0;
      const divisor = Number(`1e${point < length ? length - point - 1 : 0}`);
      doubles[places.divisors / 8 + place] = divisor;
      doubles[places.divisors / 8 + 512 + place] = -divisor;
    }
  }

  const put = (at: number, value: bigint) => {
    words[at / 8] = value >> 64n;
    words[at / 8 + 1] = value & LOW_64;
  };
  for (let q = -342; q <= 308; q++) put(places.powersOfFive + (q + 342) * 16, powerOfFive(q));
  for (let k = -292; k <= 324; k++) put(places.powersForWriting + (k + 292) * 16, powerOfTenUp(k));

  for (let i = 0; i < 100; i++) {
    bytes[places.digitPairs + 2 * i] = 48 + Math.floor(i / 10);
    bytes[places.digitPairs + 2 * i + 1] = 48 + (i % 10);
  }
}

/** 5^q scaled to 128 bits: cut off for q >= 0, rounded up below, as Eisel-Lemire wants it. */
function powerOfFive(q: number): bigint {
  if (q >= 0) {
    let power = 5n ** BigInt(q);
    while (power < 1n << 127n) power <<= 1n;
    while (power >= 1n << 128n) power >>= 1n;
    return power;
  }
  const power = 5n ** BigInt(-q);
  const bits = BigInt(power.toString(2).length);
  let inverse = q >= -27 ? (1n << (bits + 127n)) / power + 1n : (1n << (2n * bits + 128n)) / power + 1n;
  while (inverse >= 1n << 128n) inverse >>= 1n;
  return inverse;
}

/** 10^k scaled to 128 bits, rounded up, as Schubfach wants it. */
function powerOfTenUp(k: number): bigint {
  if (k >= 0) {
    const power = 10n ** BigInt(k);
    const shift = BigInt(power.toString(2).length) - 128n;
    if (shift <= 0n) return power << -shift;
    const cut = power >> shift;
    return cut << shift === power ? cut : cut + 1n;
  }
  const power = 10n ** BigInt(-k);
  let bits = BigInt(power.toString(2).length) + 127n;
  if ((1n << bits) / power >= 1n << 128n) bits -= 1n;
  return (1n << bits) / power + 1n;
}
