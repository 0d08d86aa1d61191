/** What AppInspect does not see and must not ship, or must be there. */
import { readFileSync } from 'node:fs';
import type { Entry } from './archive.ts';

/** Without these there is no app. */
const REQUIRED = [
  'app.manifest',
  'README.md',
  'LICENSE',
  'THIRD-PARTY-NOTICES.txt',
  'default/app.conf',
  'default/commands.conf',
  'default/data/ui/nav/default.xml',
  'metadata/default.meta',
  'bin/kepler',
  'linux_x86_64/bin/kepler',
  'static/appIcon.png',
];

/** Splunk's own commands: one of these names in commands.conf would take their place. */
const CORE_COMMANDS = new Set(
  `abstract accum addcoltotals addinfo addtotals analyzefields anomalies anomalousvalue append appendcols appendpipe arules
associate autoregress bin bucket bucketdir chart cluster cofilter collect concurrency contingency convert correlate datamodel
dbinspect dedup delete delta diff erex eval eventcount eventstats extract fieldformat fields fieldsummary filldown fillnull
findtypes folderize foreach format from gauge gentimes geom geomfilter geostats head highlight history iconify inputcsv
inputlookup iplocation join kmeans kv kvform loadjob localize localop lookup makecontinuous makemv makeresults map mcatalog
mcollect metadata metasearch meventcollect mpreview msearch mstats multikv multisearch mvcombine mvexpand nomv outlier
outputcsv outputlookup outputtext overlap pivot predict rangemap rare regex relevancy reltime rename replace require rest
return reverse rex rtorder savedsearch script scrub search searchtxn selfjoin sendalert sendemail set setfields sichart
sirare sistats sitimechart sitop sort spath stats strcat streamstats table tags tail timechart timewrap tojson top transaction
transpose trendline tscollect tstats typeahead typelearner typer union uniq untable walklex where x11 xmlkv xmlunescape xpath
xyseries`.split(/\s+/),
);

/** A secret's setting with a value: none may ship, not even an example. */
const SECRET = /^\s*(\w*(token|password|secret|api_key|session_key)\w*)\s*=\s*\S/im;

/**
 * @param version what app.conf and app.manifest must say
 * @returns everything that is wrong, a sentence each; empty where the tree may ship
 */
export function checkTree(entries: readonly Entry[], version: string): string[] {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const read = (path: string) => {
    const entry = byPath.get(path);
    if (!entry) return '';
    return 'text' in entry.content ? entry.content.text : readFileSync(entry.content.file, 'utf8');
  };
  const missing = REQUIRED.filter((path) => !byPath.has(path)).map(
    (path) => `${path} is missing: build first.`,
  );
  return [
    ...missing,
    ...entries.filter(isUnwanted).map(({ path }) => `${path} must not ship.`),
    ...modes(entries),
    ...versions(read, version),
    ...setupView(read('default/app.conf'), byPath),
    ...commands(read('default/commands.conf')),
    ...secrets(
      [...byPath.keys()].filter((path) => path.startsWith('default/')),
      read,
    ),
    ...specs([...byPath.keys()]),
  ];
}

function isUnwanted({ path }: Entry): boolean {
  return /(^|\/)\.|\.map$|\.tsx?$|^local\/|local\.meta$/.test(path);
}

function modes(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ path, executable }) => {
    if (executable && !/(^|\/)bin\//.test(path))
      return [`${path} may not be executable outside a folder bin.`];
    if (!executable && /(^|\/)bin\/kepler(_\w+)?$/.test(path)) return [`${path} must be executable.`];
    return [];
  });
}

function versions(read: (path: string) => string, version: string): string[] {
  const said = [...read('default/app.conf').matchAll(/^version\s*=\s*(\S+)/gm)].map((match) => match[1]);
  const manifest = /"version":\s*"([^"]+)"/.exec(read('app.manifest'))?.[1];
  return [
    ...said
      .filter((other) => other !== version)
      .map((other) => `app.conf says version ${other}, not ${version}.`),
    ...(manifest === version ? [] : [`app.manifest says version ${manifest}, not ${version}.`]),
  ];
}

function setupView(conf: string, byPath: ReadonlyMap<string, Entry>): string[] {
  const view = /^setup_view\s*=\s*(\S+)/m.exec(conf)?.[1];
  if (view === undefined || byPath.has(`default/data/ui/views/${view}.xml`)) return [];
  return [`app.conf names the setup view ${view}, which is not there.`];
}

function commands(conf: string): string[] {
  return [...conf.matchAll(/^\[(\w+)\]/gm)]
    .map((match) => match[1])
    .filter((name) => CORE_COMMANDS.has(name))
    .map((name) => `commands.conf has ${name}, which is a command of Splunk's own.`);
}

function secrets(paths: readonly string[], read: (path: string) => string): string[] {
  return paths
    .filter((path) => path.endsWith('.conf'))
    .flatMap((path) => {
      const found = SECRET.exec(read(path))?.[1];
      return found === undefined
        ? []
        : [`${path} gives ${found} a value: secrets belong to storage/passwords.`];
    });
}

/** Confs of our own are described. Those that Splunk describes itself need no spec. */
function specs(paths: readonly string[]): string[] {
  return paths
    .filter((path) => /^default\/kepler\w*\.conf$/.test(path))
    .map((path) => `README/${path.slice('default/'.length)}.spec`)
    .filter((spec) => !paths.includes(spec))
    .map((spec) => `${spec} is missing.`);
}
