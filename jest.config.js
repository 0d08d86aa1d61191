const swc = (parser) => ({
  jsc: { parser, target: 'es2022', transform: { react: { runtime: 'automatic' } } },
  module: { type: 'commonjs' },
});

/** Tests run on the sources; what must run as real processes and threads is started from `dist/`, which `npm test` builds first. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.{ts,tsx}'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'json', 'wasm', 'node'],
  transform: {
    '\\.wasm$': '<rootDir>/test/setup/wasm-transform.cjs',
    '\\.[mc]?[tj]s$': ['@swc/jest', swc({ syntax: 'typescript' })],
    '\\.tsx$': ['@swc/jest', swc({ syntax: 'typescript', tsx: true })],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|d3-[a-z-]+|internmap|@opentelemetry/otlp-exporter-base)/)',
  ],
  moduleNameMapper: { '^#kernels/(.*)$': '<rootDir>/dist/kernels/$1' },
  reporters: ['default', '<rootDir>/test/setup/summary-reporter.cjs'],
  testSequencer: '<rootDir>/test/setup/longest-first.cjs',
  testTimeout: 300_000,
  maxWorkers: 2,
};
