/**
 * Builds an image of images.csv:
 *   npm run image -- <tag> [--push REPO] [--base IMAGE] [--library NAME]… [--version V] [--renew] [--accept-advisories]
 *   npm run image -- lock <tag>   only locks its packages
 *   npm run image -- prepare      only makes dist/image/tree, for `docker build .` by hand
 *   npm run image -- list
 * An image gets its tag only after its packages were scanned (where the advisory services can be reached), imported, and the
 * conformance suite has passed on it.
 */
import { parseArgs } from 'node:util';
import { KEPLER_VERSION } from '../../container/contract/version.ts';
import { LABELS } from '../../splunk_app/src/bridge/containers/labels.ts';
import { attempt, exists, run, runAloud } from './command.ts';
import { checkConformance } from './conformance.ts';
import { importAll } from './imports.ts';
import { lockPackages, type Locks } from './locks.ts';
import { prepareTree, TREE, type Prepared } from './prepare.ts';
import { scan } from './scan.ts';
import { dsdlStanza } from './stanza.ts';
import { findRow, readTable, type ImageRow } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    push: { type: 'string' },
    base: { type: 'string' },
    library: { type: 'string', multiple: true, default: [] },
    version: { type: 'string', default: KEPLER_VERSION },
    renew: { type: 'boolean', default: false },
    'accept-advisories': { type: 'boolean', default: false },
  },
});

const say = (text: string): void => console.error(text);

/** Ends with what to do. */
class Refusal extends Error {}

try {
  const [what, ...rest] = positionals;
  if (what === undefined || rest.length !== (what === 'lock' ? 1 : 0)) {
    throw new Refusal('usage: npm run image -- <tag> | lock <tag> | prepare | list');
  }
  if (what === 'list') {
    for (const { tag, base, about } of readTable())
      console.log(`${tag.padEnd(20)} ${base.padEnd(44)} ${about}`);
  } else if (what === 'lock') {
    locked(findRow(rest[0], readTable()));
  } else if (what === 'prepare') {
    report(await prepareTree({ libraries: values.library }));
  } else {
    await buildImage(findRow(what, readTable()));
  }
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}

async function buildImage(row: ImageRow): Promise<void> {
  if (!exists('docker'))
    throw new Refusal('Images are built by the docker command, which is not in the PATH.');
  const image = `kepler-${row.tag}:${values.version}`;
  const candidate = `${image}-candidate`;

  const locks = lockPackages(row, values.renew);
  for (const path of locks.made)
    say(`locked ${path}: commit it, so that the next build is of the same packages`);
  scanned(locks);
  const prepared = await prepareTree({
    libraries: values.library,
    node: row.runtimes.includes('python'),
    locks,
  });
  report(prepared);
  if (values.push !== undefined && prepared.notAsLocked.length > 0) {
    throw new Refusal(
      'What is installed is not what the lock file says, so it is not published: run npm ci first.',
    );
  }

  const base = values.base ?? row.base;
  const packages = [...row.npm, ...row.pip].join(' ');
  const labels = {
    [LABELS.image]: row.tag,
    [LABELS.base]: base,
    [LABELS.packages]: packages,
    [LABELS.runtimes]: row.runtimes.join(' '),
  };
  const args = ['build', '--tag', candidate];
  for (const [name, value] of Object.entries(labels)) args.push('--label', `${name}=${value}`);
  const settings = { BASE: base, TAG: row.tag, VERSION: values.version, ABOUT: row.about };
  for (const [name, value] of Object.entries(settings)) args.push('--build-arg', `${name}=${value}`);
  await runAloud('docker', [...args, '.']);
  try {
    await tested(candidate, row);
    run('docker', ['tag', candidate, image]);
  } finally {
    attempt('docker', ['rmi', candidate]);
  }
  say(`built ${image} (${size(image)} MB)`);

  const repository = values.push?.replace(/\/$/, '') ?? '';
  if (repository !== '') {
    run('docker', ['tag', image, `${repository}/${image}`]);
    await runAloud('docker', ['push', `${repository}/${image}`]);
  }
  say(`\nkepler.conf [runtime:<name>]:\n  image = ${repository === '' ? '' : `${repository}/`}${image}`);
  say('\nFor DSDL, in etc/apps/mltk-container/local/images.conf:');
  console.log(dsdlStanza(row, image, repository));
}

function locked(row: ImageRow): Locks {
  const locks = lockPackages(row, values.renew);
  for (const path of locks.made)
    say(`locked ${path}: commit it, so that the next build is of the same packages`);
  return locks;
}

function scanned(locks: Locks): void {
  let grave = false;
  for (const report of scan(locks)) {
    if (report.notScanned !== undefined) say(`NOT SCANNED: ${report.what} (${report.notScanned})`);
    else say(`scanned ${report.what}: ${report.found.length === 0 ? 'no advisory' : ''}`);
    for (const line of report.found) say(`  ${line}`);
    grave ||= report.grave;
  }
  if (grave && !values['accept-advisories']) {
    throw new Refusal(
      'There are grave advisories: renew the lock (--renew), or accept them (--accept-advisories).',
    );
  }
}

async function tested(image: string, row: ImageRow): Promise<void> {
  const problems = importAll(image, row);
  if (problems.length > 0) throw new Refusal(`The import test failed:\n  ${problems.join('\n  ')}`);
  const count = row.npm.length + row.pip.length;
  if (count > 0) say(`imported ${count} packages`);
  const host = process.env.DOCKER_HOST || 'unix:///var/run/docker.sock';
  const { checked, problems: differences, readyMs } = await checkConformance(image, host);
  if (differences.length > 0) {
    throw new Refusal(`The conformance suite failed, the tag is not set:\n  ${differences.join('\n  ')}`);
  }
  say(`conformance: ${checked} searches answered alike; created and ready in ${Math.round(readyMs)} ms`);
}

function report({ bytes, notAsLocked }: Prepared): void {
  say(`prepared ${TREE} (${(bytes / 1e6).toFixed(1)} MB)`);
  for (const { name, version } of notAsLocked)
    say(`  ${name} ${version} is installed, which is not what the lock file says`);
}

function size(image: string): string {
  const bytes = Number(run('docker', ['image', 'inspect', '--format', '{{.Size}}', image]));
  return (bytes / 1e6).toFixed(0);
}
