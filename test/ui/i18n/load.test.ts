/** @jest-environment jsdom */
import '../page-setup.ts';
import { chooseLocale } from '../../../ui/i18n/load.ts';

test.each([
  ['es-ES', ['en-US'], 'es-ES'],
  ['en-US', ['es-MX', 'en'], 'es-MX'],
  ['en-US', ['fr-FR'], 'en-US'],
  ['en-GB', [], 'en-GB'],
  ['de_DE', ['es'], 'de-DE'],
  [undefined, ['en-US'], 'en-US'],
])('from the address %s and a browser that wants %s comes %s', (address, browser, chosen) => {
  expect(chooseLocale(address, browser)).toBe(chosen);
});
