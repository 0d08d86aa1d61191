import type { CollectMeta, ReplyMeta, SplunkSession } from '../../../container/contract/requests.ts';
import type { TableSink } from '../bridge/chunk-reply.ts';
import type { KeptChunk, Runtime } from '../bridge/runtime.ts';
import type { GetinfoReply, RunningCommand, Session } from './command.ts';

export interface Collecting {
  readonly path: string;
  readonly spec: unknown;
  readonly getinfo: GetinfoReply;
  /** Whether it makes a model, so that the user's roles matter. */
  readonly needsRoles: boolean;
  /** The searcher's session, where what works on the rows needs it. */
  session?(runtime: Runtime): Promise<SplunkSession | undefined>;
  /** Each chunk goes back as it came, and the last reply brings no table. */
  readonly rowsPassThrough: boolean;
}

/**
 * A command that collects rows until the search has no more: `fit`, `score`, `sample`. splunkd gets its reply as soon as a
 * chunk is on its way, and makes the next one while the runtime reads this one; what the runtime says to it is heard before the
 * next is sent. Only the first chunk waits for it, so that a wrong search ends at once, and the last, which brings the result.
 */
export function collectingCommand(session: Session, collecting: Collecting): RunningCommand {
  let next = 0;
  let pending: Promise<ReplyMeta> | null = null;
  let kept: KeptChunk | null = null;

  return {
    getinfo: collecting.getinfo,
    async execute(chunk, reply) {
      const runtime = await session.runtime();
      const first = next === 0;
      // The one asks the runtime while the other asks splunkd.
      const [lent] = first
        ? await Promise.all([
            collecting.session?.(runtime),
            collecting.needsRoles ? session.learnRoles(runtime) : undefined,
          ])
        : [];
      if (pending) noteOf(await pending);
      pending = null;

      const meta: CollectMeta<unknown> = {
        job: session.job,
        chunk: next++,
        finished: chunk.finished,
        ...(first && { spec: collecting.spec, search: session.search.context }),
        ...(lent && { session: lent }),
      };
      if (collecting.rowsPassThrough && !kept) {
        const { KeptChunk } = await import('../bridge/runtime.ts');
        kept = new KeptChunk();
      }
      const returnsTable = chunk.finished && !collecting.rowsPassThrough;
      const sent = await runtime.collect(
        collecting.path,
        meta,
        chunk.body,
        returnsTable ? passTable() : DROP,
        {
          last: chunk.finished,
          ...(kept && { keep: kept }),
        },
      );
      if (first || chunk.finished) noteOf(await sent.reply);
      else pending = sent.reply;
      if (!returnsTable) reply.send(chunk.finished, kept?.bytes);

      function noteOf(said: ReplyMeta): void {
        reply.note(said.messages, said.metrics);
      }
      function passTable(): TableSink {
        return {
          begin(said, bytes) {
            noteOf(said);
            reply.begin(true, bytes);
          },
          write: (bytes) => reply.write(bytes),
        };
      }
    },
  };
}

const DROP: TableSink = { begin() {}, write() {} };
