/** A search command that only echoes: blocking reads and writes, each body sent back as it came. The ceiling for the bridge. */
import { readSync, writeSync } from 'node:fs';

const wait = new Int32Array(new SharedArrayBuffer(4));
let buffer = Buffer.allocUnsafeSlow(1 << 24);

function again(call) {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(wait, 0, 0, 1);
    }
  }
}

/** Fills `buffer` from `from` to `to`; false at the end of the input. */
function fill(from, to) {
  while (from < to) {
    const count = again(() => readSync(0, buffer, from, to - from, null));
    if (count === 0) return false;
    from += count;
  }
  return true;
}

function put(bytes) {
  for (let at = 0; at < bytes.length;) at += again(() => writeSync(1, bytes, at, bytes.length - at));
}

function line() {
  let length = 0;
  while (fill(length, length + 1)) if (buffer[length++] === 10) return buffer.latin1Slice(0, length - 1);
  return null;
}

for (;;) {
  const header = line();
  if (header === null) break;
  const [, meta, body] = header.split(',').map(Number);
  if (buffer.length < meta + body) buffer = Buffer.allocUnsafeSlow((meta + body) * 2);
  if (!fill(0, meta + body)) break;
  const request = JSON.parse(buffer.utf8Slice(0, meta));
  const reply = JSON.stringify(
    request.action === 'getinfo' ? { type: 'stateful' } : { finished: request.finished },
  );
  put(Buffer.from(`chunked 1.0,${reply.length},${body}\n${reply}`, 'latin1'));
  put(buffer.subarray(meta, meta + body));
  if (request.finished) break;
}
