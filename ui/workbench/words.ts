import { t } from '../i18n/index.ts';

/** A stage of a run in the page's language; what a template itself reports stays as it is. */
export function stageWord(stage: string): string {
  const words: Readonly<Record<string, string>> = {
    'checking the source': t('checking the source'),
    'reading the data': t('reading the data'),
    'preparing the rows': t('preparing the rows'),
    training: t('training'),
    'predicting all rows': t('predicting all rows'),
    'storing the model': t('storing the model'),
  };
  return words[stage] ?? stage;
}
