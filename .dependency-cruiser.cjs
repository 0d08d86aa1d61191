/**
 * Imports point one way (docs/architecture.md): commands → bridge → contract; commands → protocol;
 * server → jobs → estimators, score → registry, table, onnx → contract, numeric. `protocol`, `contract` and `numeric` import
 * nothing.
 */
const never = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });
const inside = (name, room) => ({
  name,
  severity: 'error',
  from: { path: `^${room}/` },
  to: {
    pathNot: [`^${room}/`, '^node:', '^(fs|path|crypto|net|tls|os|url|util|zlib|stream|events|buffer)$'],
  },
});
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    inside('protocol-imports-nothing', 'splunk_app/src/protocol'),
    inside('contract-imports-nothing', 'container/contract'),
    never('bridge-does-not-know-commands', '^splunk_app/src/bridge/', '^splunk_app/src/commands/'),
    never('bridge-does-not-know-the-protocol', '^splunk_app/src/bridge/', '^splunk_app/src/protocol/'),
    never('app-knows-only-the-contract', '^splunk_app/src/', '^(container/(?!contract/)|sandbox/|cli/)'),
    never('runtime-does-not-know-the-app', '^container/', '^(splunk_app|sandbox|cli|ui)/'),
    never('only-the-server-composes', '^container/(?!server/)', '^container/server/'),
    never(
      'jobs-are-below-the-server',
      '^container/(estimators|score|registry|table|onnx)/',
      '^container/jobs/',
    ),
    inside('numeric-imports-nothing', 'container/numeric'),
    never(
      'estimators-know-the-contract-and-onnx',
      '^container/estimators/',
      '^container/(registry|table|helpers|score)/',
    ),
    never('tables-know-no-models', '^container/(table|registry|onnx)/', '^container/(estimators|score)/'),
    never(
      'helpers-know-the-contract-and-pure-mathematics',
      '^container/helpers/',
      '^container/(?!(helpers|contract|numeric|estimators/linear-algebra)/)',
    ),
    never('scores-know-no-stores', '^container/score/', '^container/registry/'),
    never('stores-and-tables-stand-apart', '^container/registry/', '^container/(table|onnx)/'),
    never('tables-stand-apart', '^container/table/', '^container/(registry/(?!types)|onnx)/'),
    never('graphs-stand-apart', '^container/onnx/', '^container/(registry|table)/'),
    never('templates-are-below-the-jobs', '^container/templates/', '^container/(jobs|server)/'),
    never('inputs-know-the-bridge-alone', '^splunk_app/src/inputs/', '^splunk_app/src/(commands|protocol)/'),
    never(
      'nobody-knows-the-inputs-but-the-entry',
      '^splunk_app/src/(bridge|protocol|commands)/',
      '^splunk_app/src/inputs/',
    ),
    never(
      'pages-know-the-contract-alone',
      '^ui/',
      '^(container/(?!contract/)|(splunk_app|sandbox|cli|build|test|bench)/)',
    ),
    {
      name: 'pages-know-types-of-the-contract',
      severity: 'error',
      from: { path: '^ui/' },
      to: { path: '^container/contract/', dependencyTypesNot: ['type-only'] },
    },
    never('nobody-knows-the-pages', '^(container|splunk_app|sandbox|cli)/', '^ui/'),
    never('only-tests-know-tests', '^(splunk_app|container|sandbox|cli)/', '^(test|bench)/'),
    never(
      'outside-uses-public-doors',
      '^(sandbox|cli)/',
      '^(container/(?!contract/)|splunk_app/src/(?!protocol/))',
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'assembly/' },
  },
};
