import { t } from '../../i18n/index.ts';
import type { SortKey } from './list-state.ts';

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly sort?: SortKey;
  /** Numbers stand at the right. */
  readonly end?: boolean;
}

/** The columns in their order; style.ts gives each its width and says on which widths of the window it goes. */
export const columns = (): readonly Column[] => [
  { id: 'name', label: t('Model'), sort: 'name' },
  { id: 'health', label: t('Health'), sort: 'health' },
  { id: 'champion', label: t('Champion'), sort: 'champion', end: true },
  { id: 'algorithm', label: t('Algorithm'), sort: 'algorithm' },
  { id: 'metric', label: t('Main metric'), sort: 'metric' },
  { id: 'rows', label: t('Rows'), sort: 'rows', end: true },
  { id: 'fit', label: t('Last fit'), sort: 'fit' },
  { id: 'drift', label: t('Drift') },
  { id: 'owner', label: t('Owner'), sort: 'owner' },
  { id: 'app', label: t('App'), sort: 'app' },
  { id: 'sharing', label: t('Sharing'), sort: 'sharing' },
  { id: 'searches', label: t('Applied, 24 h'), sort: 'searches', end: true },
];
