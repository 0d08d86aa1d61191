/** Rows into an index, as events, by the HTTP Event Collector and by telemetry's rules of delivery. */
import { randomUUID } from 'node:crypto';
import { KeplerError } from '../../contract/errors.ts';
import type { Collector } from '../telemetry/collector.ts';
import type { OutRow } from './send-results.ts';

const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_LINES = 5000;

export interface IndexOptions {
  readonly index: string;
  readonly source?: string;
  readonly sourcetype?: string;
  readonly host?: string;
}

export interface IndexDoor {
  readonly collector: Collector;
  /** The token asks for acknowledgement: then the queue keeps what it has not heard of. */
  readonly ack: boolean;
  /** The queue on the disk, which sends again until it arrives. */
  queue(line: string): void;
}

/**
 * Sends rows and says at once where the collector refuses them. Where it is not there, or busy, they wait on the disk.
 * @returns how many the collector took, and how many wait
 * @throws KeplerError splunk_failed with its words: the first batch that it refuses ends it
 */
export async function writeToIndex(
  door: IndexDoor,
  rows: readonly OutRow[],
  options: IndexOptions,
): Promise<{ sent: number; queued: number }> {
  const lines = rows.map((row) => lineOf(row, options));
  if (door.ack) {
    lines.forEach((line) => door.queue(line));
    return { sent: 0, queued: lines.length };
  }
  let sent = 0;
  for (const batch of batches(lines)) {
    const answer = await door.collector.send(batch);
    if (answer.kind === 'taken') sent += batch.length;
    else if (answer.kind === 'later') {
      for (const line of lines.slice(sent)) door.queue(line);
      return { sent, queued: lines.length - sent };
    } else {
      const event = 'event' in answer ? answer.event : undefined;
      const row = event === undefined ? '' : ` Row ${sent + event + 1} is at fault.`;
      throw new KeplerError(
        'splunk_failed',
        `The rows were not written into the index "${options.index}": ${answer.reason}.${row} ${sent} of ${lines.length} rows were written before.`,
      );
    }
  }
  return { sent, queued: 0 };
}

/** One event a row; `_time` is its time, and `event_id` tells it from its own repetition. */
function lineOf(
  row: OutRow,
  { index, source = 'kepler', sourcetype = 'kepler:results', host }: IndexOptions,
): string {
  const { _time, ...fields } = row;
  const time = typeof _time === 'number' ? _time : Number(_time ?? NaN);
  return JSON.stringify({
    ...(Number.isFinite(time) && { time: time.toFixed(3) }),
    host,
    source,
    sourcetype,
    index,
    event: { event_id: randomUUID(), ...fields },
  });
}

function* batches(lines: readonly string[]): Generator<readonly string[]> {
  let from = 0;
  let bytes = 0;
  for (let at = 0; at < lines.length; at++) {
    if (at > from && (bytes + lines[at].length > BATCH_BYTES || at - from === BATCH_LINES)) {
      yield lines.slice(from, at);
      [from, bytes] = [at, 0];
    }
    bytes += lines[at].length;
  }
  if (from < lines.length) yield lines.slice(from);
}
