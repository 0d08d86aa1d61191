import { APP, cells, keplerctlSearch, runOnce, SplunkFailure, type Row } from '../../splunkd/index.ts';
import { addressOfModel, type ModelRow } from './model-row.ts';

/** One thing that a verb changed. */
export interface Change {
  readonly object: string;
  readonly change: string;
  readonly before: string;
  readonly after: string;
}

const changeOf = (row: Row): Change => ({
  object: cells.text(row.object),
  change: cells.text(row.change),
  before: cells.text(row.before),
  after: cells.text(row.after),
});

/**
 * Runs a verb on a model, or on one of its versions (`3` or an alias). Rejects with the SplunkFailure of the search;
 * a verb that answers nothing has changed nothing, which is a failure too.
 */
export async function changeModel(
  verb: string,
  model: Pick<ModelRow, 'reference' | 'namespace' | 'owner' | 'app'>,
  user: string | undefined,
  { version, ...options }: Readonly<Record<string, string | boolean | number | undefined>> = {},
): Promise<readonly Change[]> {
  const { reference, owner, app } = addressOfModel(model, user, APP);
  const name = version === undefined ? reference : `${reference}@${version}`;
  const { rows, messages, sid } = await runOnce(keplerctlSearch(verb, name, { ...options, owner, app }));
  if (rows.length === 0) {
    const said = messages.map((message) => message.text).join(' ');
    throw new SplunkFailure('search', said || `keplerctl ${verb}: nothing was changed.`, { sid });
  }
  return rows.map(changeOf);
}
