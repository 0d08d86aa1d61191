/** What to tell a person whose model, version or alias is not there. */
import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import type { Aliases } from './alias-book.ts';
import { CHAMPION } from './names.ts';
import type { ModelId } from './types.ts';

/** As a search names it. */
export function spl(id: Pick<ModelId, 'namespace' | 'name'>): string {
  return `${id.namespace === 'app' ? 'app:' : ''}${id.name}`;
}

export function noVersion(id: ModelId, version: number, live: readonly number[]): KeplerError {
  return new KeplerError(
    'version_not_found',
    `The model "${id.name}" has no version ${version}; there are: ${live.join(', ') || 'none'}.`,
  );
}

export function noAlias(id: ModelId, alias: string, aliases: Aliases, live: readonly number[]): KeplerError {
  const set = Object.entries(aliases).filter(([, version]) => live.includes(version));
  const near = didYouMean(
    alias,
    set.map(([name]) => name),
  );
  const there = set.map(([name, version]) => `${name} → ${version}`).join(', ') || 'none';
  return new KeplerError(
    'alias_not_found',
    `The model "${id.name}" has no alias "${alias}"${near ? ` (did you mean "${near}"?)` : ''}; its aliases: ${there}. ` +
      `Name a version instead (${choices(id, live)})${alias === CHAMPION ? ', or fit it again without promote=f' : ''}.`,
  );
}

export function damagedAliases(id: ModelId, page: string, live: readonly number[]): KeplerError {
  return new KeplerError(
    'model_damaged',
    `The aliases of the model "${id.name}" are damaged: ${page} cannot be read. ` +
      `Name a version (${choices(id, live)}), or fit the model again to set ${CHAMPION} anew.`,
  );
}

export interface Readable {
  readonly own: readonly string[];
  readonly shared: readonly string[];
  readonly app: string;
}

/** @param fellBack whether the app was searched besides the user's own models */
export function noModel(id: ModelId, { own, shared, app }: Readable, fellBack: boolean): KeplerError {
  const inApp = id.namespace === 'app';
  const where = inApp
    ? `in the app "${id.owner}"`
    : `of the user "${id.owner}"${fellBack ? ` or of the app "${app}"` : ''}`;
  return new KeplerError('model_not_found', `There is no model "${id.name}" ${where}.${hint()}`);

  function hint(): string {
    if (inApp && own.includes(id.name)) return ` There is one of your own: ${id.name}.`;
    if (!inApp && shared.includes(id.name)) return ` There is one in the app: app:${id.name}.`;
    const near = didYouMean(id.name, inApp ? [...shared, ...own] : [...own, ...shared]);
    if (near === undefined) return ' See listmodels for those there are, or make it with fit … into.';
    const nearInApp = inApp ? shared.includes(near) : !own.includes(near);
    return ` Did you mean "${nearInApp ? 'app:' : ''}${near}"?`;
  }
}

export function championStays(id: ModelId, version: number): KeplerError {
  return new KeplerError(
    'invalid_arguments',
    `Version ${version} of the model "${id.name}" is its ${CHAMPION}, which "apply ${spl(id)}" reads, so it was not deleted. ` +
      `Promote another version first (keplerctl promote ${spl(id)}@<version>), or delete the whole model with "deletemodel ${spl(id)}".`,
  );
}

/** A model without a champion is of use to nobody. */
export function championMustStay(id: ModelId): KeplerError {
  return new KeplerError(
    'invalid_arguments',
    `The alias ${CHAMPION} of the model "${id.name}" cannot be taken away, because "apply ${spl(id)}" reads it. Promote another version: keplerctl promote ${spl(id)}@<version>.`,
  );
}

export function aliasOfNone(id: ModelId, alias: string, version: number, aliases: Aliases): KeplerError {
  const where = Object.hasOwn(aliases, alias) ? `; it points at version ${aliases[alias]}` : '';
  return new KeplerError(
    'alias_not_found',
    `The alias "${alias}" does not point at version ${version} of the model "${id.name}"${where}. Nothing was changed.`,
  );
}

export function neverBefore(id: ModelId, champion: number | undefined, live: readonly number[]): KeplerError {
  return new KeplerError(
    'version_not_found',
    `No version that is still there was ${CHAMPION} of the model "${id.name}" before${champion === undefined ? '' : ` version ${champion}`}. ` +
      `Name the version that is to be: keplerctl promote ${spl(id)}@<version> (${choices(id, live)}).`,
  );
}

/** The name is taken where a model was to be moved. */
export function taken(id: ModelId): KeplerError {
  const whose = id.namespace === 'app' ? `The app "${id.owner}"` : `The user "${id.owner}"`;
  return new KeplerError(
    'model_exists',
    `${whose} has a model "${id.name}" already, or had one whose numbers of versions would come again. Nothing was moved. Fit the model under another name there.`,
  );
}

function choices(id: ModelId, live: readonly number[]): string {
  const last = live.slice(-10).map((version) => `${spl(id)}@${version}`);
  return `${live.length > 10 ? '… ' : ''}${last.join(', ')}`;
}
