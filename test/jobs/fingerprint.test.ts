import { createHash } from 'node:crypto';
import { Fingerprint } from '../../container/jobs/fingerprint.ts';
import { newSharedMemory, Region, TableMemory } from '../../container/table/table-memory.ts';

const memory = new TableMemory(newSharedMemory());
const region = new Region(memory);

function place(bytes: Buffer): number {
  const at = region.ensure(bytes.length);
  memory.bytes.set(bytes, at);
  return at;
}

function xxhash(bytes: Buffer): string {
  const at = place(bytes);
  return BigInt.asUintN(64, memory.table.xxhash(at, at + bytes.length)).toString(16);
}

/** Values of the specification's reference implementation (xxhsum -H64). */
test.each([
  ['', 'ef46db3751d8e999'],
  ['a', 'd24ec4f1a98c6e5b'],
  ['abc', '44bc2cf5ad770999'],
  ['Call me Ishmael. Some years ago--never mind how long precisely-', '2a2e85470d6fd96'],
])('the XXH64 of %j is %s', (text, digest) => {
  expect(xxhash(Buffer.from(text))).toBe(digest);
});

test('is the SHA-256 of the digests of the chunks', () => {
  const fingerprint = new Fingerprint(memory);
  for (const chunk of ['a', 'abc']) fingerprint.add(place(Buffer.from(chunk)), chunk.length);
  const digests = Buffer.from('d24ec4f1a98c6e5b44bc2cf5ad770999', 'hex');
  expect(fingerprint.digest()).toBe(createHash('sha256').update(digests).digest('hex'));
});

test('differs with a single bit, wherever it lies', () => {
  const bytes = Buffer.alloc(100, 'x');
  const seen = new Set([xxhash(bytes)]);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] ^= 1;
    seen.add(xxhash(bytes));
    bytes[i] ^= 1;
  }
  expect(seen.size).toBe(101);
});
