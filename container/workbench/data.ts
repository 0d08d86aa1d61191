/** The tables that a template can be tried on: the built-in sample, and the data sets that the user may see. */
import { KeplerError } from '../contract/errors.ts';
import { parseReference } from '../contract/model-name.ts';
import type { Table } from '../contract/table.ts';
import type { DataEntry } from '../contract/workbench.ts';
import { DatasetStore } from '../registry/datasets/dataset-store.ts';
import type { DatasetManifest } from '../registry/datasets/types.ts';
import type { Principal } from '../registry/types.ts';
import { sampleTable } from './sample-table.ts';

export const SAMPLE = 'sample';
/** Not a name that a data set can have. */
const PREFIX = '*';

/** The sample, then the newest version of each data set. */
export async function listData(folder: string, principal: Principal): Promise<DataEntry[]> {
  const { rows, columns } = sampleTable();
  const sample: DataEntry = {
    id: PREFIX + SAMPLE,
    name: SAMPLE,
    rows,
    fields: columns.map(({ name, kind }) => ({ name, kind })),
  };
  const seen = new Set<string>();
  const staged: DataEntry[] = [];
  for (const manifest of await new DatasetStore(folder).list(principal)) {
    const { id } = manifest;
    const key = JSON.stringify([id.namespace, id.owner, id.name]);
    // Another's data set cannot be named in a search either.
    const own = id.namespace === 'user' ? id.owner === principal.user : id.owner === principal.app;
    if (seen.has(key) || !own) continue;
    seen.add(key);
    staged.push(entryOf(manifest));
  }
  return [sample, ...staged.sort((a, b) => a.name.localeCompare(b.name, 'en'))];
}

function entryOf(manifest: DatasetManifest): DataEntry {
  const { id, version, rows, fields, template, options, expiresAt } = manifest;
  const name = id.namespace === 'app' ? `app:${id.name}` : id.name;
  const roles = (role: string) => fields.filter((field) => field.role === role).map((field) => field.name);
  const [target] = roles('target');
  return {
    id: `${name}@${version}`,
    name,
    version,
    rows,
    fields: fields.map(({ name: field, kind }) => ({ name: field, kind })),
    template,
    ...(target !== undefined && { target }),
    features: roles('feature'),
    options,
    expires: expiresAt,
  };
}

/** The rows of an entry. @throws KeplerError invalid_arguments, dataset_not_found, forbidden, model_damaged */
export async function openData(folder: string, id: string, principal: Principal): Promise<Table> {
  if (id === PREFIX + SAMPLE) return sampleTable();
  const problems: string[] = [];
  const reference = parseReference(id, { add: (text) => void problems.push(text) });
  if (!reference || problems.length > 0)
    throw new KeplerError(
      'invalid_arguments',
      `"${id.slice(0, 100)}" names no data set. ${problems.join(' ')}`,
    );
  const { namespace, name, version } = reference;
  const { table } = await new DatasetStore(folder).open(
    { namespace, name, ...(version !== undefined && { version }) },
    principal,
  );
  return table;
}
