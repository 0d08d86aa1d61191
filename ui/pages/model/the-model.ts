import type { Row } from '../../splunkd/index.ts';
import { modelRow, type ModelRow } from '../models/model-row.ts';

/**
 * The model that an address means, among the rows that bear its name: as `apply` finds it. With an owner or app said
 * that one; else the user's own, else that of `here`, the app of the page.
 */
export function theModel(
  rows: readonly Row[],
  { name, owner, app }: { readonly name: string; readonly owner?: string; readonly app?: string },
  user: string | undefined,
  here: string,
): ModelRow | undefined {
  const ofApp = name.startsWith('app:');
  const models = rows.map(modelRow);
  const own = models.filter((model) => model.namespace !== 'app' && model.reference === name);
  const shared = models.filter(
    (model) =>
      model.namespace === 'app' &&
      (model.reference === name || (!ofApp && model.reference === `app:${name}`)),
  );
  if (owner) return own.find((model) => model.owner === owner);
  if (app) return shared.find((model) => model.app === app);
  return (
    own.find((model) => model.owner === user) ??
    (user === undefined ? own[0] : undefined) ??
    shared.find((model) => model.app === here)
  );
}
