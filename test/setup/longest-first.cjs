// eslint-disable-next-line @typescript-eslint/no-require-imports -- a sequencer is loaded by require
const Sequencer = require('@jest/test-sequencer').default;

/**
 * The files that take longest, in the order they are begun in: one of them begun last would keep a core waiting for it. jest
 * knows such only where it has run them before; in a fresh clone it goes by their size in bytes. Those that keep both cores
 * busy and those that mostly wait follow one another.
 */
const LONGEST = [
  'templates/isolation',
  'browser/model',
  'browser/runtimes',
  'end-to-end/demo',
  'browser/models',
  'browser/setup',
  'trees/quality',
  'helpers/registry/mlflow',
  'browser/workbench',
  'package/appinspect',
  'templates/python/isolation',
  'end-to-end/start',
  'end-to-end/python-template',
  'estimators/goldens',
  'end-to-end/data-scientist',
  'templates/python/notebooks',
  'goldens/afresh',
  'end-to-end/catalogue',
  'end-to-end/search',
  'jobs/life',
  'workbench/places',
  'templates/python/helpers',
  'trees/binned-quality',
  'workbench/server',
  'browser/first-run',
  'estimators/conformance',
];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
    const known = tests.filter((test) => place(test) >= 0).sort((a, b) => place(a) - place(b));
    return [...known, ...super.sort(tests.filter((test) => place(test) < 0))];
  }
};
