import { noticesText, packageFolder } from '../../build/package/notices.ts';

test.each([
  ['node_modules/a/lib/b.js', 'node_modules/a'],
  ['node_modules/@s/a/b.js', 'node_modules/@s/a'],
  ['node_modules/a/node_modules/@s/b/c/d.js', 'node_modules/a/node_modules/@s/b'],
  ['splunk_app/src/main.ts', null],
])('%s belongs to %s', (file, folder) => {
  expect(packageFolder(file)).toBe(folder);
});

test('names every package once, with the text of its licence', () => {
  const text = noticesText(['node_modules/ajv', 'node_modules/ajv'], 'node_modules/pino');
  expect(text.match(/^ajv \d/gm)).toHaveLength(1);
  expect(text).toContain('Licence: MIT');
  expect(text).toContain('Permission is hereby granted');
});
