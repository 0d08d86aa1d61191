import { readFileSync } from 'node:fs';
import { nounsPage, pageWith, verbsPage } from '../../docs/make-commands.ts';

test.each([
  ['docs/commands/kepler.md', nounsPage],
  ['docs/commands/keplerctl.md', verbsPage],
])('%s says what the catalogue says', (path, make) => {
  const page = readFileSync(path, 'utf8');
  expect(page).toBe(pageWith(page, make()));
});
