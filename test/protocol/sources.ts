import type { ByteSource } from '../../splunk_app/src/protocol/frame-reader.ts';

/** A frame as splunkd writes it. */
export function frame(metadata: unknown, body: string | Buffer = ''): Buffer {
  const json = Buffer.from(typeof metadata === 'string' ? metadata : JSON.stringify(metadata), 'utf8');
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(`chunked 1.0,${json.length},${bytes.length}\n`), json, bytes]);
}

/** Input that comes at most `step` bytes at a time. */
export function sourceOf(bytes: Buffer, step = bytes.length): ByteSource {
  let at = 0;
  return {
    read(into, offset, length) {
      const count = Math.min(step, length, bytes.length - at);
      into.set(bytes.subarray(at, at + count), offset);
      at += count;
      return count;
    },
  };
}

/** Splits written bytes into frames again. */
export function framesOf(bytes: Buffer): { metadata: Record<string, unknown>; body: Buffer }[] {
  const frames = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    const match = /^chunked 1\.0,(\d+),(\d+)$/.exec(bytes.toString('latin1', at, end));
    if (!match) throw new Error(`No frame at byte ${at}: ${bytes.toString('latin1', at, at + 60)}`);
    const bodyAt = end + 1 + Number(match[1]);
    const metadata = JSON.parse(bytes.toString('utf8', end + 1, bodyAt)) as Record<string, unknown>;
    at = bodyAt + Number(match[2]);
    if (at > bytes.length) throw new Error('The last frame is cut short.');
    frames.push({ metadata, body: bytes.subarray(bodyAt, at) });
  }
  return frames;
}
