/** An entry of the hash table: hash, place, length (0: free), code. */
const ENTRY_SHIFT: usize = 4;
const ODD: u32 = 0x80000000;
const NULL: i32 = -1;
const UNSEEN: i32 = -2;

// @ts-ignore: decorator
@inline
function tail(p: usize, bytes: u32): u64 {
  return load<u64>(p) & (bytes >= 8 ? ~(<u64>0) : (<u64>1 << (<u64>bytes << 3)) - 1);
}

/** A hash of the bytes; the host has the same in `hashBytes`. */
// @ts-ignore: decorator
@inline
function hash(p: usize, length: u32): u32 {
  let h: u64 = 0x9e3779b97f4a7c15 ^ <u64>length;
  let left = length;
  for (; left > 8; left -= 8) {
    h = (h ^ load<u64>(p)) * 0xff51afd7ed558ccd;
    h ^= h >> 32;
    p += 8;
  }
  h = (h ^ tail(p, left)) * 0xff51afd7ed558ccd;
  h ^= h >> 32;
  h *= 0xc4ceb9fe1a85ec53;
  return <u32>(h >> 32);
}

// @ts-ignore: decorator
@inline
function same(a: usize, b: usize, length: u32): bool {
  let left = length;
  for (; left > 8; left -= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
  }
  return tail(a, left) == tail(b, left);
}

/**
 * Codes of the text cells (place, length) of rows from…rows: NULL for an empty cell, else the code that the table holds.
 * What the table lacks is UNSEEN where `fixed`; else, and for odd cells, the row is returned, for the host to enter its text
 * and to come again. `lastHash` receives the hash that it must enter it under. Returns `rows` when done.
 */
export function encode(
  cells: usize,
  from: i32,
  rows: i32,
  table: usize,
  mask: u32,
  fixed: i32,
  codes: usize,
  lastHash: usize,
): i32 {
  for (let row = from; row < rows; row++) {
    const place = <usize>load<u32>(cells + (<usize>row << 3));
    const length = load<u32>(cells + (<usize>row << 3), 4);
    const bytes = length & ~ODD;
    if (bytes == 0) {
      store<i32>(codes + (<usize>row << 2), NULL);
      continue;
    }
    const h = hash(place, bytes);
    let slot = h & mask;
    for (;;) {
      const entry = table + (<usize>slot << ENTRY_SHIFT);
      const stored = load<u32>(entry, 8);
      if (stored == 0) {
        if (fixed && !(length & ODD)) {
          store<i32>(codes + (<usize>row << 2), UNSEEN);
          break;
        }
        store<u32>(lastHash, h);
        return row;
      }
      if (load<u32>(entry) == h && stored == length && same(place, <usize>load<u32>(entry, 4), bytes)) {
        store<i32>(codes + (<usize>row << 2), load<i32>(entry, 12));
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return rows;
}
