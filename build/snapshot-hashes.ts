import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** Bytes in front of the V8 version in a snapshot: how many contexts, whether hashes may be made anew, two checksums. */
const HEADER = 16;
const AGAIN = 4;

/**
 * Has a Node binary start with the string hashes that its snapshot was made with. At every start V8 makes all of them anew
 * from a random seed, against keys that were chosen to collide in a server; that is a fifth of the start of a process. A
 * command lives for one search, and its keys come from that search's own user. V8's flag for it, `--no-rehash-snapshot`,
 * makes V8 refuse Node's code cache, which costs more than it saves; the mark in the snapshot's header, which no checksum
 * covers, does not.
 * @param binary patched in place
 * @param node the same binary as it came, to ask for its version
 * @throws where the header cannot be told for certain
 */
export function keepSnapshotHashes(binary: string, node: string): void {
  const version = execFileSync(node, ['-p', 'process.versions.v8'], { encoding: 'latin1' }).trim();
  const bytes = readFileSync(binary);
  const found: number[] = [];
  for (let at = bytes.indexOf(`${version}\0`); at >= 0; at = bytes.indexOf(`${version}\0`, at + 1)) {
    const contexts = at >= HEADER ? bytes.readUInt32LE(at - HEADER) : 0;
    // Node's own snapshot holds several contexts; V8's, which is in the binary too, holds one.
    if (contexts > 1 && contexts < 16 && bytes.readUInt32LE(at - HEADER + AGAIN) === 1) found.push(at);
  }
  if (found.length !== 1)
    throw new Error(
      `${node} holds ${found.length} snapshots of V8 ${version} where one was expected: look at keepSnapshotHashes`,
    );
  bytes.writeUInt32LE(0, found[0]! - HEADER + AGAIN);
  writeFileSync(binary, bytes);
}
