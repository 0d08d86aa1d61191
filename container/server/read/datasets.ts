import { tableOf } from '../../contract/catalogue/rows.ts';
import { KeplerError } from '../../contract/errors.ts';
import type { ResultTable } from '../../contract/requests.ts';
import { mayWrite } from '../../registry/access.ts';
import type { DatasetManifest } from '../../registry/datasets/types.ts';
import type { Principal } from '../../registry/types.ts';
import type { Provider, Question } from './provider.ts';
import { referenceOf, whoseOf } from './provider.ts';

/** Rows that searches staged: every version that the principal may see. */
export const datasets: Provider = async (question) => {
  const { noun, name, options, principal, services, now } = question;
  if (options.rows !== undefined) return rowsOf(name, Number(options.rows), question);
  const { owner, app } = options;
  const all = (await services.datasets.list(principal, now * 1000)).filter(
    (one) => (owner === undefined || one.user === owner) && (app === undefined || one.app === app),
  );
  if (name === undefined)
    return tableOf(
      noun.fields,
      all.map((one) => rowOf(one, principal)),
    );
  const reference = referenceOf(name);
  const named = all.filter(
    ({ id, version }) =>
      id.name === reference.name &&
      (!reference.explicitNamespace || id.namespace === reference.namespace) &&
      (reference.version === undefined || reference.version === version),
  );
  // Says what there is, or that it belongs to somebody else.
  if (named.length === 0) await services.datasets.find(reference, principal, whoseOf(options), now * 1000);
  return tableOf(
    noun.fields,
    named.map((one) => rowOf(one, principal)),
  );
};

/** The rows themselves, to be searched again. */
async function rowsOf(
  name: string | undefined,
  most: number,
  { options, principal, services }: Question,
): Promise<ResultTable> {
  if (name === undefined)
    throw new KeplerError(
      'invalid_arguments',
      'rows= needs the name of a data set: | kepler datasets <name> rows=…',
    );
  const { table } = await services.datasets.open(referenceOf(name), principal, whoseOf(options));
  const rows = Math.min(table.rows, most);
  return {
    fields: table.columns.map((column) => column.name),
    rows: Array.from({ length: rows }, (_, row) =>
      table.columns.map((column) => {
        if (column.kind === 'text') return column.levels[column.codes[row]] ?? null;
        return Number.isNaN(column.values[row]) ? null : String(column.values[row]);
      }),
    ),
  };
}

function rowOf(manifest: DatasetManifest, principal: Principal) {
  const { id, version, fields } = manifest;
  return {
    name: id.name,
    version,
    namespace: id.namespace,
    owner: manifest.user,
    app: manifest.app,
    sid: manifest.sid,
    search: manifest.search,
    rows: manifest.rows,
    target: fields.find(({ role }) => role === 'target')?.name,
    fields: fields.map((one) => `${one.name}:${one.kind}`),
    template: manifest.template,
    params: manifest.options,
    size_bytes: manifest.file.bytes,
    created: Date.parse(manifest.createdAt) / 1000,
    expires: Date.parse(manifest.expiresAt) / 1000,
    may_write: mayWrite(id, principal),
    reference: `${id.namespace === 'app' ? 'app:' : ''}${id.name}@${version}`,
  };
}
