import type { OpenMenu } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import type { Deeds } from '../models/deeds.tsx';
import { applySearch, searchInApp } from '../models/links.ts';
import { deedsOn } from '../models/menu.ts';
import type { ModelRow } from '../models/model-row.ts';
import type { VersionRow } from './version-row.ts';

const noteOf = (model: ModelRow): { readonly note?: string } =>
  model.mayWrite
    ? {}
    : { note: t('Only {owner} or a kepler_admin can change this model.', { owner: model.owner }) };

/** What can be done with the model as a whole. */
export function modelMenu(model: ModelRow, anchor: HTMLElement, ask: Deeds['ask']): OpenMenu {
  const disabled = !model.mayWrite;
  return {
    anchor,
    ...noteOf(model),
    entries: [
      {
        label: t('Promote a version…'),
        disabled,
        onSelect: () => ask({ kind: 'promote' }, model, anchor),
      },
      ...deedsOn(model, anchor, ask),
    ],
  };
}

/** What can be done with one version. A damaged one can only be deleted. */
export function versionMenu(
  model: ModelRow,
  { version, aliases, damaged, search }: VersionRow,
  anchor: HTMLElement,
  ask: Deeds['ask'],
): OpenMenu {
  const disabled = !model.mayWrite;
  return {
    anchor,
    ...noteOf(model),
    entries: [
      ...(damaged
        ? []
        : [
            {
              label: t('Use v{version} in Search', { version }),
              to: searchInApp(model, applySearch(model.reference, String(version))),
            },
          ]),
      // Opened, it runs: so the label says what comes of it.
      ...(search === '' || disabled
        ? []
        : [{ label: t('Run its search again (fits a new version)'), to: searchInApp(model, search) }]),
      {
        label: t('Promote v{version}…', { version }),
        divided: true,
        disabled: disabled || damaged || version === model.champion,
        onSelect: () => ask({ kind: 'promote', version }, model, anchor),
      },
      {
        label: t('Give v{version} an alias…', { version }),
        disabled: disabled || damaged,
        onSelect: () => ask({ kind: 'alias', version }, model, anchor),
      },
      ...aliases
        .filter((alias) => alias !== 'champion')
        .map((alias) => ({
          label: t('Take the alias {alias} away…', { alias }),
          disabled,
          onSelect: () => ask({ kind: 'unalias', version, alias }, model, anchor),
        })),
      {
        label: t('Delete v{version}…', { version }),
        divided: true,
        disabled,
        onSelect: () => ask({ kind: 'delete', version }, model, anchor),
      },
    ],
  };
}
