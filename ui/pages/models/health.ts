import type { State } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import type { Health } from './model-row.ts';

/** The shape of a health. */
export const markOf: Readonly<Record<Health, State>> = {
  healthy: 'ok',
  attention: 'attention',
  failed: 'failed',
  idle: 'idle',
};

/** The word of a health. */
export function healthWord(health: Health): string {
  return { healthy: t('Healthy'), attention: t('Attention'), failed: t('Failed'), idle: t('Idle') }[health];
}

/** Drift as the runtime says it, in the page's language while it is not measured. */
export const driftWord = (drift: string): string =>
  drift === '' || drift === 'not measured' ? t('Not measured') : drift;

/** Sharing in the page's language. */
export function sharingWord(sharing: string): string {
  if (sharing === 'app') return t('App');
  return sharing === 'private' ? t('Private') : sharing;
}
