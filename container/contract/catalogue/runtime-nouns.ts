import { OWNER_OPTIONS } from './model-nouns.ts';
import { RUNTIME_OPTION, field, option } from './types.ts';
import type { Noun } from './types.ts';

export const RUNS: Noun = {
  name: 'runs',
  about:
    'The searches that used the runtime, newest first: your own, and those that used models you may change.',
  argument: { of: 'model', required: false, about: 'only those that used this model' },
  options: [
    option('kind', 'choice', 'only of this kind', {
      choices: ['fit', 'apply', 'score', 'sample', 'summary'],
    }),
    option('since', 'time', 'from then on: seconds since 1970, or -24h, -7d, -30m'),
    option('count', 'integer', 'at most so many (default 1000)', { least: 1, most: 100_000 }),
    option('span', 'choice', 'counts by hour or by day instead', { choices: ['1h', '1d'] }),
    ...OWNER_OPTIONS,
  ],
  answeredBy: 'runtime',
  fields: [
    field('_time', 'time', 'when it ended'),
    field('kind', 'text', 'fit, apply, score, sample or summary'),
    field('model', 'text', 'name or app:name'),
    field('owner', 'text', 'the user or app that the model belongs to'),
    field('version', 'integer', 'the version that was made or read'),
    field('user', 'text', 'who searched'),
    field('app', 'text', 'in which app'),
    field('sid', 'text', 'the search'),
    field('rows', 'integer', 'rows that came'),
    field('ms', 'number', 'milliseconds that the runtime took; without the waiting for the next rows'),
    field('status', 'text', 'ok, error or cancelled'),
    field('code', 'text', 'the error’s code'),
    field('message', 'text', 'the error’s message'),
  ],
  variants: [
    {
      option: 'span',
      about: 'Counts by hour or day, oldest first; buckets without a search are left out.',
      fields: [
        field('_time', 'time', 'when the bucket begins (UTC)'),
        field('searches', 'integer', 'how many searches'),
        field('rows', 'integer', 'rows of them'),
        field('errors', 'integer', 'how many failed'),
        field('p50_ms', 'number', 'half of them took no more milliseconds'),
        field('p95_ms', 'number', '19 of 20 took no more milliseconds'),
      ],
    },
  ],
};

export const JOBS: Noun = {
  name: 'jobs',
  about: 'What the runtime does now: your jobs, or everybody’s with edit_kepler_runtimes.',
  options: [RUNTIME_OPTION],
  answeredBy: 'runtime',
  fields: [
    field('job', 'text', 'its name; keplerctl cancel takes it'),
    field('kind', 'text', 'fit, apply, score or sample'),
    field('state', 'text', 'receiving, queued, running or replying'),
    field('stage', 'text', 'what it does just now, in words'),
    field('progress', 'number', 'share of the work done, 0 to 1'),
    field('position', 'integer', 'its place in the queue, 1 is next'),
    field('reason', 'text', 'why it waits'),
    field('user', 'text', 'who searches'),
    field('app', 'text', 'in which app'),
    field('sid', 'text', 'the search'),
    field('search', 'text', 'the search’s words'),
    field('model', 'text', 'the model that it makes or reads'),
    field('rows', 'integer', 'rows that came'),
    field('started', 'time', 'when it began'),
    field('elapsed_s', 'number', 'seconds since then'),
    field('may_cancel', 'boolean', 'whether you may cancel it'),
  ],
};

export const TEMPLATES: Noun = {
  name: 'templates',
  about: 'What can be fitted.',
  argument: { of: 'template', required: false, about: 'only this one' },
  options: [],
  answeredBy: 'runtime',
  fields: [
    field('name', 'text', 'what fit takes'),
    field('kind', 'text', 'classifier, regressor, clusterer, transformer'),
    field('origin', 'text', 'built-in or user'),
    field('version', 'text', 'of a built-in one the Kepler it belongs to'),
    field('about', 'text', 'what it does'),
    field('params', 'json', 'JSON Schema of its options'),
    field('error', 'text', 'why what was saved last is not served; the version before it still is'),
  ],
};

export const DATASETS: Noun = {
  name: 'datasets',
  about:
    'The data sets that you may see, a row a version, newest first: rows that fit … mode=stage kept for whoever writes a template.',
  argument: {
    of: 'dataset',
    required: false,
    version: 'may',
    about: 'only the data set of this name; with @<version> that version alone',
  },
  options: [
    option('owner', 'text', 'only data sets that this user staged'),
    option('app', 'text', 'only data sets that were staged in this app'),
    option('rows', 'integer', 'the first so many rows of one data set instead', { least: 1, most: 50_000 }),
  ],
  answeredBy: 'runtime',
  fields: [
    field('name', 'text', 'the name, without its namespace'),
    field('version', 'integer', 'its number; the next fit … mode=stage makes the next'),
    field('namespace', 'text', 'user or app'),
    field('owner', 'text', 'who staged it'),
    field('app', 'text', 'in which app'),
    field('sid', 'text', 'by which search'),
    field('search', 'text', 'the search’s words'),
    field('rows', 'integer', 'how many rows'),
    field('target', 'text', 'the field to predict'),
    field('fields', 'list', 'each field as <name>:number or <name>:text'),
    field('template', 'text', 'the template that it was staged for'),
    field('params', 'json', 'the template’s options, as typed'),
    field('size_bytes', 'integer', 'bytes of its rows on the disk (Arrow)'),
    field('created', 'time', 'when it was staged'),
    field('expires', 'time', 'when it will be removed'),
    field('may_write', 'boolean', 'whether you may remove it'),
    field('reference', 'text', 'how a search names it: name@<version> or app:name@<version>'),
  ],
  variants: [
    {
      option: 'rows',
      about:
        'The rows as they were staged, under the names of their own fields; without @<version> the newest.',
      fields: [],
    },
  ],
};

export const SETTINGS: Noun = {
  name: 'settings',
  about:
    'Settings of runtime and app, where each value comes from, and what changes it. Secrets are never shown.',
  argument: { of: 'setting', required: false, about: 'only this one' },
  options: [RUNTIME_OPTION],
  answeredBy: 'both',
  fields: [
    field('setting', 'text', 'what keplerctl set takes, where it can be set'),
    field('value', 'text', 'the value that counts; of a secret only “set” or “not set”'),
    field('default', 'text', 'the value that ships'),
    field('source', 'text', 'default, environment, kepler.conf or set'),
    field('variable', 'text', 'the environment variable, or kepler.conf’s stanza and key'),
    field('about', 'text', 'what it is'),
  ],
};
