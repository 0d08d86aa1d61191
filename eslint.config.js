import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '.kepler/',
      'node_modules/',
      '**/assembly/**',
      'splunk_app/linux_x86_64/',
      'splunk_app/bin/',
      'splunk_app/appserver/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    languageOptions: { globals: globals.node },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  { files: ['ui/**'], languageOptions: { globals: globals.browser } },
  // Programs whose job is to talk to a terminal.
  {
    files: ['build/**', 'cli/**', 'bench/**', 'sandbox/**', 'docs/**', 'test/fixtures/**'],
    rules: { 'no-console': 'off' },
  },
);
