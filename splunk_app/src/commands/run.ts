import { KeplerError } from '../../../container/contract/errors.ts';
import { FrameReader, ProtocolError, type ByteSource, type FrameHead } from '../protocol/frame-reader.ts';
import { FrameWriter, type ByteSink } from '../protocol/frame-writer.ts';
import { OutputClosedError } from '../protocol/descriptors.ts';
import { loadCommand, COMMAND_NAMES, OWN_COMMAND_NAMES } from './catalogue.ts';
import type { Reply, RunningCommand } from './command.ts';
import { Inspector } from './inspector.ts';
import { readSearchInfo } from './search-info.ts';
import { LiveSession } from './session.ts';

export interface Streams {
  readonly input: ByteSource;
  readonly output: ByteSink;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Speaks with splunkd until the search ends: one getinfo, then executes, one reply to each. Resolves to the exit status: 0,
 * also after an error that was reported; 1 only where a reply broke off in its middle, so that splunkd does not take the rows
 * that came for all of them.
 */
export async function runCommand(name: string, streams: Streams): Promise<number> {
  const reader = new FrameReader(streams.input);
  const writer = new FrameWriter(streams.output);
  const inspector = new Inspector();
  let session: LiveSession | null = null;
  try {
    const head = reader.next();
    if (!head) return 0;
    session = new LiveSession(readGetinfo(head), streams.env, inspector);
    const command = await start(name, session);
    reader.skipBody();
    writer.send({ ...command.getinfo, ...inspector.take(false) });
    await serve(command, reader, writer, inspector);
    return 0;
  } catch (error) {
    if (error instanceof OutputClosedError) return 0;
    if (writer.remaining > 0) return 1;
    session?.close();
    return reportFailure(error, reader, writer, inspector);
  } finally {
    session?.close();
  }
}

function readGetinfo(head: FrameHead) {
  if (head.metadata.action === 'getinfo') return readSearchInfo(head.metadata);
  throw new ProtocolError(
    `Expected a getinfo request first, got action ${JSON.stringify(head.metadata.action)}.`,
  );
}

async function start(name: string, session: LiveSession): Promise<RunningCommand> {
  const command = await loadCommand(name);
  if (command) return command.start(session);
  throw new KeplerError(
    'invalid_arguments',
    `${name || 'No name'} is no command of Kepler; there are ${COMMAND_NAMES.join(', ')}, each also with a k in front, and ${OWN_COMMAND_NAMES.join(', ')}. Check command.arg.1 in commands.conf.`,
  );
}

async function serve(
  command: RunningCommand,
  reader: FrameReader,
  writer: FrameWriter,
  inspector: Inspector,
): Promise<void> {
  for (let head = reader.next(); head; head = reader.next()) {
    if (head.metadata.action !== 'execute') {
      throw new ProtocolError(
        `Expected an execute request, got action ${JSON.stringify(head.metadata.action)}.`,
      );
    }
    const body = { bodyLength: head.bodyLength, read: reader.read.bind(reader) };
    let finished = false;
    const begin = (last: boolean, bytes: number): void => {
      if (reader.remaining > 0) throw new Error('A reply was begun before the request was read.');
      finished = last;
      writer.begin({ ...inspector.take(last), finished: last }, bytes);
    };
    const reply: Reply = {
      note: (messages, metrics) => inspector.note(messages, metrics),
      begin,
      write: (bytes) => writer.write(bytes),
      send(last, bytes) {
        reader.skipBody();
        begin(last, bytes?.length ?? 0);
        if (bytes && bytes.length > 0) writer.write(bytes);
      },
    };
    await command.execute({ finished: head.metadata.finished === true, body }, reply);
    if (finished) return;
  }
}

/** The one reply that a failed search gets, after the whole of its request was read. */
function reportFailure(
  error: unknown,
  reader: FrameReader,
  writer: FrameWriter,
  inspector: Inspector,
): number {
  const text = messageOf(error);
  try {
    if (!(error instanceof ProtocolError)) reader.skipBody();
    inspector.note([{ level: 'ERROR', text }]);
    writer.send({ ...inspector.take(true), finished: true, error: text });
    return 0;
  } catch (second) {
    // The search is gone as well: nobody is left to tell.
    if (second instanceof OutputClosedError || second instanceof ProtocolError) return 0;
    throw second;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof KeplerError) return error.message;
  if (error instanceof ProtocolError) {
    return `${error.message} The search was ended; nothing was kept of it.`;
  }
  const detail = error instanceof Error ? error.message : String(error);
  return `Kepler failed in a way that it should not: ${detail}. The search was ended. Please report this.`;
}
