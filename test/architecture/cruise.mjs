/**
 * Holds trees of sources to the project's rules for imports, all in one process: most of a check's time goes into loading the
 * checker. `cruise.mjs CONFIG`; stdin: the trees' folders as a JSON list; stdout: of each the violations, `rule: file`.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cruise } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const { options, ...ruleSet } = await extractConfig(process.argv[2]);
const all = [];
for (const folder of JSON.parse(await text(process.stdin))) {
  process.chdir(folder);
  const roots = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const { output } = await cruise(
    roots.map(({ name }) => name),
    { ...options, ruleSet, validate: true, baseDir: folder },
    undefined,
    { tsConfig: extractTsConfig(join(folder, 'tsconfig.json')) },
  );
  all.push(output.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
}
process.stdout.write(JSON.stringify(all));
