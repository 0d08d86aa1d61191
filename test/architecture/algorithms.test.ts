import { readFileSync } from 'node:fs';
import { CATALOGUE } from '../../container/estimators/catalogue.ts';
import { described, filled, PAGE } from '../../docs/make-algorithms.ts';

const page = readFileSync(PAGE, 'utf8');

test('docs/algorithms.md has a section for each algorithm of the catalogue, and no other', () => {
  expect(described(page).sort()).toEqual([...CATALOGUE.keys()].sort());
});

test('its option tables say what the schemas say (node --import tsx --import ./build/wasm-bytes.mjs docs/make-algorithms.ts makes them anew)', () => {
  expect(page).toBe(filled(page));
});
