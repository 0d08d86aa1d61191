import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { healthOf } from '../../../container/server/read/model-health.ts';
import { endInWords } from '../../../splunk_app/src/bridge/containers/container-state.ts';
import { es } from '../../../ui/i18n/es.ts';
import { said } from '../../../ui/i18n/es/said.ts';
import { formsOf, translateSaid } from '../../../ui/i18n/said.ts';
import { said as inPage, saidWithCode, setLanguage } from '../../../ui/i18n/translate.ts';

const spanish = (text: string): string => translateSaid(text, formsOf(said));

test('each sentence is one that the source says', () => {
  const folders = [
    'container/server',
    'container/jobs',
    'splunk_app/src/commands/head',
    'splunk_app/src/bridge',
  ];
  const source = folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8')),
    )
    .join('\n');
  const missing = Object.keys(said).filter((english) =>
    english.split(/\{\w+\}/).some((piece) => piece.trim().length > 3 && !source.includes(piece.trim())),
  );
  expect(missing).toEqual([]);
});

test('the translation has the names of the sentence, and no others', () => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [english, text] of Object.entries(said)) expect(names(text)).toEqual(names(english));
});

test('reasons and remedies are told in Spanish with their values', () => {
  const entry = {
    id: { namespace: 'user', owner: 'a', name: 'm' },
    versions: [1],
    whole: [],
    damaged: [],
    aliases: {},
  } as const;
  const { reason } = healthOf(entry, undefined, undefined, undefined, 0);
  expect(spanish(reason)).toBe('No se puede leer ninguna versión.');
  const end = endInWords({ code: 137, oom: true, at: 1 }, 512);
  expect(spanish(end.reason)).toBe(
    'Usó más memoria que sus 512 MB y el núcleo lo terminó (sin memoria, código de salida 137).',
  );
  expect(spanish(end.remedy)).toMatch(/^Dele más memoria/);
  expect(spanish(`${end.reason} It was started again.`)).toMatch(/137\)\. Se inició de nuevo\.$/);
});

test('an error is told by its own words where they are known, else by its code before them', () => {
  setLanguage(es, 'es-ES');
  const busy =
    'The runtime is busy: 7 fits wait already (KEPLER_MAX_QUEUED). Run the search again in a while.';
  expect(saidWithCode(busy, 'queue_full')).toMatch(/^El entorno está ocupado: ya esperan 7/);
  expect(saidWithCode('"y" is text.', 'not_numeric')).toBe(
    'Un campo debe tener números y contiene texto. ("y" is text.)',
  );
  expect(saidWithCode('Odd.', '')).toBe('Odd.');
  setLanguage(undefined, 'en');
  expect(saidWithCode('"y" is text.', 'not_numeric')).toBe('"y" is text.');
});

test('what nobody has words for stays as it is, beside what is translated', () => {
  expect(spanish('It was stopped. By whom is in its log.')).toBe(
    'Se detuvo a petición. By whom is in its log.',
  );
  expect(spanish('$& {name} [.*]')).toBe('$& {name} [.*]');
  setLanguage(undefined, 'en');
  expect(inPage('It was stopped.')).toBe('It was stopped.');
  setLanguage(es, 'es');
  expect(inPage('It was stopped.')).toBe('Se detuvo a petición.');
  setLanguage(undefined, 'en');
});
