/** Tests run on the sources; what must run as real processes and threads is started from `dist/`, which `npm test` builds first. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'wasm', 'node'],
  transform: {
    '\\.wasm$': '<rootDir>/test/setup/wasm-transform.cjs',
    '\\.[mc]?[tj]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)'],
  moduleNameMapper: { '^#kernels/(.*)$': '<rootDir>/dist/kernels/$1' },
  reporters: ['default', '<rootDir>/test/setup/summary-reporter.cjs'],
  testTimeout: 60_000,
  maxWorkers: 2,
};
