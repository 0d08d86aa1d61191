import type { OpenMenu } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import type { Deeds } from './deeds.tsx';
import { applySearch, modelURL, searchInApp } from './links.ts';
import type { ModelRow } from './model-row.ts';

/**
 * The ⋮ of a model. What the user may not do is dimmed, and the sentence above says who may; the reason of a health
 * that is not well stands there too.
 */
export function menuOf(
  model: ModelRow,
  user: string | undefined,
  anchor: HTMLElement,
  ask: Deeds['ask'],
): OpenMenu {
  const disabled = !model.mayWrite;
  const note = [
    model.health === 'failed' || model.health === 'attention' ? model.healthReason : '',
    disabled ? t('Only {owner} or a kepler_admin can change this model.', { owner: model.owner }) : '',
  ]
    .filter(Boolean)
    .join(' ');
  return {
    anchor,
    ...(note !== '' && { note }),
    entries: [
      { label: t('Use in Search'), to: searchInApp(model, applySearch(model.reference)) },
      { label: t('Compare versions'), to: modelURL(model, user, { tab: 'compare' }) },
      {
        label: t('Promote a version…'),
        divided: true,
        disabled: disabled || model.versions < 1,
        onSelect: () => ask({ kind: 'promote' }, model, anchor),
      },
      ...deedsOn(model, anchor, ask),
    ],
  };
}

/** What every menu of a model ends with, whatever stands above it. */
export function deedsOn(model: ModelRow, anchor: HTMLElement, ask: Deeds['ask']): OpenMenu['entries'] {
  const disabled = !model.mayWrite;
  return [
    {
      label: t('Roll back the champion…'),
      disabled: disabled || model.previous === undefined,
      onSelect: () => ask({ kind: 'rollback' }, model, anchor),
    },
    {
      label: model.namespace === 'app' ? t('Make private…') : t('Share with the app…'),
      disabled,
      onSelect: () => ask({ kind: 'share' }, model, anchor),
    },
    {
      label: t('Delete…'),
      divided: true,
      disabled,
      onSelect: () => ask({ kind: 'delete' }, model, anchor),
    },
  ];
}
