import { readFileSync } from 'node:fs';
import { LIMITS, variableOf } from '../../container/server/settings.ts';

const page = readFileSync('docs/settings.md', 'utf8');
const documented = new Map(
  [...page.matchAll(/^\| `(KEPLER_[A-Z_]+)` \| ([^|]+) \| ([^|]+) \|$/gm)].map((row) => [
    row[1],
    row[2].trim(),
  ]),
);
/** Their defaults depend on the machine. */
const BY_CORES = new Set(['applyWorkers', 'fitWorkers', 'fitThreads']);

test.each(Object.entries(LIMITS))('docs/settings.md has %s with its default', (field, limit) => {
  const said = documented.get(variableOf(field));
  if (BY_CORES.has(field)) expect(said).toMatch(/cores/);
  else expect(Number(said)).toBe(limit.default);
});

test('docs/settings.md names every variable that the sources read', () => {
  const read = ['container/server/settings.ts', 'splunk_app/src/bridge/settings.ts'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/KEPLER_[A-Z_]+[A-Z]/g)].map(([name]) => name),
  );
  for (const name of new Set(read)) expect(page).toContain(`\`${name}\``);
});
