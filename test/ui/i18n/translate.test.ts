import { count, parts, setLanguage, t } from '../../../ui/i18n/translate.ts';

afterEach(() => {
  setLanguage(undefined, 'en-US');
  delete (globalThis as { gettext?: unknown }).gettext;
});

const spanish = {
  texts: { 'Stop {name}?': '¿Detener {name}?', '{n} runtime': '{n} entorno', '{n} runtimes': '{n} entornos' },
  library: {},
};

test('English is the key, with its names replaced', () => {
  expect(t('Stop {name}?', { name: 'main' })).toBe('Stop main?');
  expect(t('Setup')).toBe('Setup');
});

test('a value that looks like a placeholder stays as it is', () => {
  expect(t('Stop {name}?', { name: '{name}' })).toBe('Stop {name}?');
});

test('another language has its own text and its own rule of counting', () => {
  setLanguage(spanish, 'es-ES');
  expect(t('Stop {name}?', { name: 'main' })).toBe('¿Detener main?');
  expect(count(1, '{n} runtime', '{n} runtimes', { n: 1 })).toBe('1 entorno');
  expect(count(0, '{n} runtime', '{n} runtimes', { n: 0 })).toBe('0 entornos');
  // Spanish has a third form for a million; of the two texts that is the one for many.
  expect(count(1_000_000, '{n} runtime', '{n} runtimes', { n: 1_000_000 })).toBe('1000000 entornos');
});

test('what no file has is asked of Splunk’s own catalogue', () => {
  Object.assign(globalThis, { gettext: (text: string) => (text === 'Setup' ? 'Einrichtung' : text) });
  expect(t('Setup')).toBe('Einrichtung');
  expect(t('Runtimes')).toBe('Runtimes');
});

test('a text comes in parts, with elements at its names', () => {
  setLanguage({ texts: { 'Type {name} to go on': 'Escriba {name} para seguir' }, library: {} }, 'es');
  expect(parts('Type {name} to go on', { name: { code: true } })).toEqual([
    'Escriba ',
    { code: true },
    ' para seguir',
  ]);
});
