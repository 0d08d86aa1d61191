import { tableOf } from '../../../../container/contract/catalogue/rows.ts';
import type { Verb } from '../../../../container/contract/catalogue/types.ts';
import { CHANGE_FIELDS } from '../../../../container/contract/catalogue/verbs.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import type { ResultTable } from '../../../../container/contract/requests.ts';
import type { Session } from '../command.ts';
import { writeAudit } from './audit.ts';
import { enrol } from './enrol.ts';
import { Head } from './head.ts';
import type { Answer, Change, Question } from './head.ts';
import { removeRuntime, restartRuntime, startRuntime, stopRuntime } from './runtime-verbs.ts';
import { set } from './set.ts';
import { workbench } from './workbench.ts';

type Doer = (head: Head, question: Question) => Promise<Change[] | Answer>;

/** Who does each verb of the catalogue that the search head does, or has a part in. */
export const HEAD_DOERS: ReadonlyMap<string, Doer> = new Map<string, Doer>([
  ['enrol', enrol],
  ['runtime start', startRuntime],
  ['runtime stop', stopRuntime],
  ['runtime restart', restartRuntime],
  ['runtime remove', removeRuntime],
  ['set', set],
  ['workbench', workbench],
]);

/** Does what a verb says, and writes down who asked for it, before and after. @throws KeplerError */
export async function changeOnHead(session: Session, verb: Verb, question: Question): Promise<ResultTable> {
  const doer = HEAD_DOERS.get(verb.name);
  if (!doer) throw new Error(`Nobody does ${verb.name} on the search head.`);
  const head = await Head.open(session);
  const line = { verb: verb.name, options: question.options, ...(question.name && { name: question.name }) };
  try {
    assertMayUse(head, verb);
    writeAudit(head, { ...line, outcome: 'begun' });
    const done = await doer(head, question);
    const { changes, table } = Array.isArray(done) ? { changes: done, table: changesTable(done) } : done;
    writeAudit(head, { ...line, outcome: 'done', changes });
    return { ...table, messages: head.messages };
  } catch (error) {
    if (error instanceof KeplerError) {
      const { status, code, message } = error;
      writeAudit(head, { ...line, outcome: status < 500 ? 'refused' : 'failed', code, message });
    }
    throw error;
  } finally {
    head.close();
  }
}

function changesTable(changes: readonly Change[]): ResultTable {
  return tableOf(
    CHANGE_FIELDS,
    changes.map((change) => ({ ...change })),
  );
}

/** @throws KeplerError forbidden */
function assertMayUse(head: Head, { name, needs }: Verb): void {
  if (head.holds(needs)) return;
  throw new KeplerError(
    'forbidden',
    `keplerctl ${name} needs the capability ${needs}, which none of your roles has (${head.who.roles.join(', ') || 'none, or they are not known'}). The role kepler_admin has it.`,
  );
}
