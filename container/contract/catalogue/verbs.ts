import { OWNER_OPTIONS } from './model-nouns.ts';
import { RUNTIME_OPTION, field, option } from './types.ts';
import type { Argument, Field, Option, Verb } from './types.ts';

/** What every verb answers: a row for each thing that changed. */
export const CHANGE_FIELDS: readonly Field[] = [
  field('object', 'text', 'what changed'),
  field('change', 'text', 'what was done to it'),
  field('before', 'text', 'what it was'),
  field('after', 'text', 'what it is'),
];

/** What `workbench` answers. */
export const WORKBENCH_FIELDS: readonly Field[] = [
  field('url', 'text', 'the link: to be opened once, in a browser'),
  field('expires', 'time', 'until when it can be opened'),
  field('runtime', 'text', 'the <name> of [runtime:<name>]'),
  field('user', 'text', 'for whom it is'),
  field('about', 'text', 'where it can be opened from'),
];

const VERSION: Argument = {
  of: 'model',
  required: true,
  version: 'must',
  about: 'the version, by its number or by an alias',
};
const MODEL: Argument = { of: 'model', required: true, about: 'the model' };
const RUNTIME: Argument = {
  of: 'runtime',
  required: true,
  about: 'the <name> of [runtime:<name>] in kepler.conf',
};

const model = (
  verb: Pick<Verb, 'name' | 'about'> & { argument: Argument; options?: readonly Option[] },
): Verb => ({
  ...verb,
  options: [...(verb.options ?? []), ...OWNER_OPTIONS],
  owner: 'model',
  needs: 'edit_kepler_models',
  answeredBy: 'runtime',
});

const runtime = (name: string, about: string, options: readonly Option[]): Verb => ({
  name: `runtime ${name}`,
  about,
  argument: RUNTIME,
  options,
  needs: 'edit_kepler_runtimes',
  answeredBy: 'search head',
});

const FORCE = option('force', 'boolean', 'also while jobs run');

/** Everything that `| keplerctl` does. A verb joins by a line here. */
export const VERBS: readonly Verb[] = Object.freeze([
  model({
    name: 'alias',
    about: 'Points an alias at a version, or takes the alias away.',
    argument: VERSION,
    options: [
      option('name', 'text', 'the alias', { required: true }),
      option('remove', 'boolean', 'take it away'),
    ],
  }),
  model({ name: 'promote', about: 'Makes a version the champion, which apply reads.', argument: VERSION }),
  model({
    name: 'rollback',
    about: 'Makes the version the champion again that was it before.',
    argument: MODEL,
  }),
  model({
    name: 'delete',
    about: 'Deletes a model, or one version of it, for good.',
    argument: { ...MODEL, version: 'may', about: 'the model; with @<version> that version alone' },
  }),
  model({
    name: 'share',
    about: 'Moves a model of yours to the app, or the app’s to you, with all its versions.',
    argument: MODEL,
    options: [option('to', 'choice', 'where it goes', { choices: ['app', 'private'], required: true })],
  }),
  {
    name: 'cancel',
    about: 'Ends a job.',
    argument: { of: 'job', required: true, about: 'the job, as kepler jobs names it' },
    options: [RUNTIME_OPTION],
    owner: 'job',
    needs: 'edit_kepler_runtimes',
    answeredBy: 'runtime',
  },
  {
    name: 'unstage',
    about: 'Removes a data set, or one version of it, for good.',
    argument: {
      of: 'dataset',
      required: true,
      version: 'may',
      about: 'the data set; with @<version> that version alone',
    },
    options: OWNER_OPTIONS,
    owner: 'dataset',
    needs: 'edit_kepler_models',
    answeredBy: 'runtime',
  },
  {
    name: 'enrol',
    about:
      'Connects this search head with a runtime that runs elsewhere, by the one-time code that it printed.',
    argument: RUNTIME,
    options: [
      option('url', 'text', 'the runtime’s address, https://<host>:<port>', { required: true }),
      option('code', 'text', 'the one-time code', { required: true }),
    ],
    needs: 'edit_kepler_runtimes',
    answeredBy: 'search head',
  },
  runtime('start', 'Starts a runtime’s container; creates it where there is none.', [
    option('image', 'text', 'tag or full name of the image'),
    option('mode', 'choice', 'prod or dev', { choices: ['prod', 'dev'] }),
    option('cpu', 'text', 'cores that it may use'),
    option('memory', 'text', 'memory that it may use: 4g, 512m, or megabytes'),
    option('pids', 'integer', 'processes and threads that it may have', { least: 16 }),
    option('port', 'integer', 'the port that it is published at; by default a free one', {
      least: 1,
      most: 65_535,
    }),
    option('force', 'boolean', 'also where that ends jobs, because it must be created anew'),
  ]),
  runtime('stop', 'Stops a runtime’s container.', [FORCE]),
  runtime('restart', 'Stops a runtime’s container and starts it again.', [FORCE]),
  runtime('remove', 'Removes a runtime’s container; its models stay in their volume.', [FORCE]),
  {
    name: 'set',
    about:
      'Changes settings: <setting>=<value>, as kepler settings names them; an empty value goes back to the default.',
    options: [
      option('force', 'boolean', 'also where that shadows the commands of the Machine Learning Toolkit'),
      RUNTIME_OPTION,
    ],
    open: true,
    needs: 'edit_kepler_runtimes',
    answeredBy: 'both',
  },
  {
    name: 'workbench',
    about: 'Gives a link into the workbench of a runtime in mode dev: good once, and for five minutes.',
    argument: { ...RUNTIME, required: false, about: 'whose workbench; main where none is named' },
    options: [],
    needs: 'edit_kepler_templates',
    answeredBy: 'both',
    fields: WORKBENCH_FIELDS,
  },
]);

export function findVerb(name: string): Verb | undefined {
  return VERBS.find((verb) => verb.name === name);
}
