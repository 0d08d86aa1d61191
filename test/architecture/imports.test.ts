import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Small trees of files, each importing what is named. That the sources keep to the rules is checked by `npm run lint`. */
type Tree = Readonly<Record<string, readonly string[]>>;

/** What the real rules find in each of the trees. */
function violations(trees: readonly Tree[]): string[][] {
  mkdirSync('.kepler', { recursive: true });
  const folder = mkdtempSync(resolve('.kepler/architecture-'));
  try {
    const folders = trees.map((files, i) => write(join(folder, String(i)), files));
    const output = execFileSync(
      process.execPath,
      [resolve('test/architecture/cruise.mjs'), resolve('.dependency-cruiser.cjs')],
      { input: JSON.stringify(folders), encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    return JSON.parse(output) as string[][];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, files: Tree): string {
  for (const [path, imports] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const text = imports
      .map((target, i) => `import * as m${i} from '${target}';\nexport const e${i} = m${i};\n`)
      .join('');
    writeFileSync(file, text || 'export const nothing = 0;\n');
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    '{"compilerOptions":{"allowImportingTsExtensions":true,"noEmit":true}}',
  );
  return folder;
}

const RIGHT: Tree = {
  'splunk_app/src/commands/fit.ts': [
    '../bridge/client.ts',
    '../protocol/frames.ts',
    '../../../container/contract/wire.ts',
  ],
  'splunk_app/src/bridge/client.ts': ['../../../container/contract/wire.ts', 'node:net'],
  'splunk_app/src/protocol/frames.ts': ['node:buffer'],
  'container/contract/wire.ts': [],
  'container/server/main.ts': ['../jobs/queue.ts'],
  'container/jobs/queue.ts': ['../estimators/catalogue.ts', '../table/parse.ts', '../registry/store.ts'],
  'container/estimators/catalogue.ts': ['../onnx/graph.ts', '../contract/wire.ts'],
  'container/onnx/graph.ts': ['../contract/wire.ts'],
  'container/table/parse.ts': ['../contract/wire.ts'],
  'container/registry/store.ts': ['../contract/wire.ts'],
};

const WRONG: readonly [rule: string, tree: Tree][] = [
  [
    'protocol-imports-nothing',
    { 'splunk_app/src/protocol/a.ts': ['../commands/b.ts'], 'splunk_app/src/commands/b.ts': [] },
  ],
  ['numeric-imports-nothing', { 'container/numeric/a.ts': ['../score/b.ts'], 'container/score/b.ts': [] }],
  ['contract-imports-nothing', { 'container/contract/a.ts': ['../table/b.ts'], 'container/table/b.ts': [] }],
  [
    'bridge-does-not-know-commands',
    { 'splunk_app/src/bridge/a.ts': ['../commands/b.ts'], 'splunk_app/src/commands/b.ts': [] },
  ],
  [
    'bridge-does-not-know-the-protocol',
    { 'splunk_app/src/bridge/a.ts': ['../protocol/b.ts'], 'splunk_app/src/protocol/b.ts': [] },
  ],
  [
    'app-knows-only-the-contract',
    { 'splunk_app/src/commands/a.ts': ['../../../container/table/b.ts'], 'container/table/b.ts': [] },
  ],
  [
    'runtime-does-not-know-the-app',
    { 'container/jobs/a.ts': ['../../splunk_app/src/bridge/b.ts'], 'splunk_app/src/bridge/b.ts': [] },
  ],
  ['only-the-server-composes', { 'container/jobs/a.ts': ['../server/b.ts'], 'container/server/b.ts': [] }],
  ['jobs-are-below-the-server', { 'container/registry/a.ts': ['../jobs/b.ts'], 'container/jobs/b.ts': [] }],
  [
    'estimators-know-the-contract-and-onnx',
    { 'container/estimators/a.ts': ['../registry/b.ts'], 'container/registry/b.ts': [] },
  ],
  [
    'tables-know-no-models',
    { 'container/table/a.ts': ['../estimators/b.ts'], 'container/estimators/b.ts': [] },
  ],
  [
    'stores-and-tables-stand-apart',
    { 'container/registry/a.ts': ['../table/b.ts'], 'container/table/b.ts': [] },
  ],
  ['outside-uses-public-doors', { 'sandbox/a.ts': ['../container/jobs/b.ts'], 'container/jobs/b.ts': [] }],
  [
    'templates-are-below-the-jobs',
    { 'container/templates/a.ts': ['../server/b.ts'], 'container/server/b.ts': [] },
  ],
  [
    'inputs-know-the-bridge-alone',
    { 'splunk_app/src/inputs/a.ts': ['../commands/b.ts'], 'splunk_app/src/commands/b.ts': [] },
  ],
  [
    'nobody-knows-the-inputs-but-the-entry',
    { 'splunk_app/src/commands/a.ts': ['../inputs/b.ts'], 'splunk_app/src/inputs/b.ts': [] },
  ],
  ['pages-know-the-contract-alone', { 'ui/a.ts': ['../container/table/b.ts'], 'container/table/b.ts': [] }],
  [
    'pages-know-types-of-the-contract',
    { 'ui/a.ts': ['../container/contract/b.ts'], 'container/contract/b.ts': [] },
  ],
  ['nobody-knows-the-pages', { 'sandbox/a.ts': ['../ui/b.ts'], 'ui/b.ts': [] }],
  ['only-tests-know-tests', { 'container/jobs/a.ts': ['../../test/b.ts'], 'test/b.ts': [] }],
  ['no-circular', { 'container/jobs/a.ts': ['./b.ts'], 'container/jobs/b.ts': ['./a.ts'] }],
];

let found: string[][];
beforeAll(() => (found = violations([RIGHT, ...WRONG.map(([, tree]) => tree)])));

test('imports that point the right way pass', () => expect(found[0]).toEqual([]));

test.each(WRONG.map(([rule], i) => [rule, i + 1] as const))('%s is found', (rule, i) => {
  expect(found[i].map((line) => line.split(':')[0])).toContain(rule);
});
