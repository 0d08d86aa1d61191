import { field, option } from './types.ts';
import type { Noun } from './types.ts';

export const RUNTIMES: Noun = {
  name: 'runtimes',
  about: 'The runtimes of kepler.conf and their containers, a row each.',
  argument: { of: 'runtime', required: false, about: 'only this one' },
  options: [
    option('logs', 'integer', 'the last so many lines of its log instead', { least: 1, most: 10_000 }),
    option('events', 'integer', 'the last so many events of its container instead', {
      least: 1,
      most: 10_000,
    }),
    option('quotas', 'boolean', 'what each role may use instead'),
  ],
  answeredBy: 'both',
  fields: [
    field('name', 'text', 'the <name> of [runtime:<name>]'),
    field('state', 'text', 'running, starting, stopped, failed, unreachable or not connected'),
    field('reason', 'text', 'what went wrong'),
    field('remedy', 'text', 'what to do'),
    field('url', 'text', 'where it listens'),
    field('engine', 'text', 'docker, or none for one that runs elsewhere'),
    field('container', 'text', 'the container’s short id'),
    field('image', 'text', 'the container’s image'),
    field('mode', 'text', 'prod or dev'),
    field('version', 'text', 'the Kepler that it is'),
    field('contract', 'integer', 'the version of the contract that it speaks'),
    field('cpu', 'number', 'cores in use'),
    field('cpu_limit', 'number', 'cores it may use'),
    field('memory_bytes', 'integer', 'memory in use'),
    field('memory_limit_bytes', 'integer', 'memory it may use'),
    field('pids', 'integer', 'processes and threads'),
    field('pids_limit', 'integer', 'how many it may have'),
    field('uptime_s', 'number', 'seconds since it started'),
    field('started', 'time', 'when it started'),
    field('exit_code', 'integer', 'of a container that ended'),
    field('oom', 'boolean', 'whether it ended for want of memory'),
    field('restarts', 'integer', 'how often it was started anew'),
    field('running_jobs', 'integer', 'jobs that run'),
    field('queued_jobs', 'integer', 'jobs that wait'),
    field('models', 'integer', 'models that it keeps'),
    field('disk_free_bytes', 'integer', 'free space for models and spools'),
    field('loop_delay_ms', 'number', 'how long a request waits for the event loop'),
    field('telemetry', 'text', 'off, ok, or what keeps its events from Splunk'),
    field('telemetry_queued', 'integer', 'events that wait to be sent'),
    field('telemetry_dead_letters', 'integer', 'events that Splunk refused for good; they lie in a file'),
    field('telemetry_dropped', 'integer', 'events that were lost for want of room'),
    field('mlflow', 'text', 'off, ok, or what keeps its fits from MLflow'),
    field('mlflow_queued', 'integer', 'fits that wait to be logged there'),
    field('mlflow_failed', 'integer', 'fits that MLflow refused for good; they lie in a folder'),
    field('public_url', 'text', 'what browsers may open'),
    field('may_change', 'boolean', 'whether you may start, stop or remove it'),
  ],
  variants: [
    {
      option: 'logs',
      about: 'The last lines of its log.',
      fields: [
        field('_time', 'time', 'when it was written'),
        field('stream', 'text', 'stdout or stderr'),
        field('line', 'text', 'the line'),
      ],
    },
    {
      option: 'events',
      about: 'What happened to its container.',
      fields: [
        field('_time', 'time', 'when it happened'),
        field('event', 'text', 'start, die, oom …'),
        field('text', 'text', 'in words'),
      ],
    },
    {
      option: 'quotas',
      about: 'What each role may use.',
      fields: [
        field('role', 'text', 'the role; * is everybody'),
        field('fits_at_once', 'integer', 'fits of one user that may run at the same time'),
        field('max_rows', 'integer', 'rows of one fit'),
        field('running', 'integer', 'fits that run now'),
      ],
    },
  ],
};

export const IMAGES: Noun = {
  name: 'images',
  about:
    'The images that runtimes can be started from, and those of the table of images that are not built yet.',
  argument: { of: 'image', required: false, about: 'only the one of this tag' },
  options: [],
  answeredBy: 'search head',
  fields: [
    field('tag', 'text', 'what image= takes'),
    field('base', 'text', 'what it is built on'),
    field('about', 'text', 'what it is for'),
    field('packages', 'text', 'what is in it'),
    field('runtimes', 'text', 'cpu, python, gpu …'),
    field('built', 'boolean', 'whether the engine has it; empty where no engine answers'),
    field('image', 'text', 'its full name'),
    field('size_bytes', 'integer', 'its size'),
    field('created', 'time', 'when it was built'),
  ],
};

export const HEALTH: Noun = {
  name: 'health',
  about:
    'Tries the real things, step by step: the runtime, HEC, what the runtime sends there, the container engine, the export of the commands.',
  options: [
    option('check', 'choice', 'only this one (default all)', {
      choices: ['all', 'runtime', 'hec', 'telemetry', 'registry', 'engine', 'export'],
    }),
    option('url', 'text', 'an address that is not saved yet, with check=runtime or check=hec'),
    option('fingerprint', 'text', 'the certificate expected there: sha256:<hex>'),
  ],
  answeredBy: 'search head',
  fields: [
    field('check', 'text', 'runtime, hec, telemetry, registry, engine or export'),
    field('step', 'text', 'what was tried'),
    field('state', 'text', 'ok, failed, not tried or attention'),
    field('ms', 'number', 'milliseconds that it took'),
    field('message', 'text', 'what was found'),
    field('remedy', 'text', 'what to do'),
  ],
};
