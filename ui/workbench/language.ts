import { setSharedTranslator } from '@splunk/ui-utils/i18n';
import { setFormatLocale } from '../i18n/format.ts';
import { setLanguage, translateLibrary, type Language } from '../i18n/translate.ts';
import { keep, readKept } from './kept.ts';

const LANGUAGES: Readonly<Record<string, (() => Promise<Language>) | undefined>> = {
  es: async () => (await import('../i18n/es.ts')).es,
};

/** The language that was chosen here, else the browser's, else English. To be awaited before the first render. */
export async function chooseLanguage(): Promise<void> {
  const locale = readKept('locale') ?? navigator.language;
  const load = LANGUAGES[locale.split('-')[0]];
  const used = load || locale.startsWith('en') ? locale : 'en-US';
  setLanguage(load && (await load()), used);
  setFormatLocale(used);
  setSharedTranslator(translateLibrary);
  document.documentElement.lang = used;
}

export const isSpanish = (): boolean => document.documentElement.lang.startsWith('es');

/** Chooses the other language; the page begins anew with it. */
export function switchLanguage(): void {
  keep('locale', isSpanish() ? 'en-US' : 'es-ES');
  location.reload();
}
