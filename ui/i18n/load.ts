import { locale as splunkLocale } from '@splunk/splunk-utils/config';
import { setSharedTranslator } from '@splunk/ui-utils/i18n';
import { setFormatLocale } from './format.ts';
import { setLanguage, translateLibrary, type Language } from './translate.ts';

/** A language joins here by a line, as a chunk of its own. English needs none: the keys are its texts. */
const LANGUAGES: Readonly<Record<string, () => Promise<Language>>> = {
  es: async () => (await import(/* webpackChunkName: "es" */ './es.ts')).es,
};

/**
 * The locale of the page: Splunk's, from the address (`/es-ES/app/…`), unless that is English and the browser wants a
 * language that these pages have, for Splunk Web itself offers few.
 */
export function chooseLocale(fromSplunk: string | undefined, fromBrowser: readonly string[]): string {
  const address = (fromSplunk ?? 'en-US').replace('_', '-');
  if (!address.startsWith('en')) return address;
  const wanted = fromBrowser[0];
  return wanted !== undefined && wanted.split('-')[0] in LANGUAGES ? wanted : address;
}

/** Loads the page's language; to be awaited before the first render. A language that cannot be loaded leaves English. */
export async function loadLanguage(): Promise<string> {
  const locale = chooseLocale(splunkLocale as string | undefined, navigator.languages ?? []);
  const load = LANGUAGES[locale.split('-')[0]];
  setLanguage(load && (await load()), locale);
  setFormatLocale(locale);
  setSharedTranslator(translateLibrary);
  document.documentElement.lang = locale;
  return locale;
}
