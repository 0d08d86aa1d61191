import type { RuntimeMode, RuntimeSpec } from './types.ts';

/** Labels on what Kepler makes: by them alone it knows its own. */
const PREFIX = 'kepler.';

export const LABELS = {
  /** Whose container it is: the key id of the search head that made it. */
  installation: `${PREFIX}installation`,
  runtime: `${PREFIX}runtime`,
  mode: `${PREFIX}mode`,
  restart: `${PREFIX}restart`,
  url: `${PREFIX}url`,
  fingerprint: `${PREFIX}fingerprint`,
  volume: `${PREFIX}volume`,
  digest: `${PREFIX}spec`,
  /** On images: the tag in images.csv, the release inside, and what images.csv says of it. */
  image: `${PREFIX}image`,
  version: `${PREFIX}version`,
  about: `${PREFIX}about`,
  base: `${PREFIX}base`,
  packages: `${PREFIX}packages`,
  runtimes: `${PREFIX}runtimes`,
} as const;

export type Labels = Readonly<Record<string, string>>;

/** The engine's filter for what belongs to this installation, or to one runtime of it. */
export function ownLabels(installation: string, name?: string): string[] {
  const own = `${LABELS.installation}=${installation}`;
  return name === undefined ? [own] : [own, `${LABELS.runtime}=${name}`];
}

export interface RuntimeLabels {
  readonly url: string;
  readonly fingerprint: string;
  readonly volume: string;
  readonly digest: string;
}

export function runtimeLabels(installation: string, spec: RuntimeSpec, made: RuntimeLabels): Labels {
  return {
    [LABELS.installation]: installation,
    [LABELS.runtime]: spec.name,
    [LABELS.mode]: spec.mode,
    [LABELS.restart]: spec.restart,
    [LABELS.url]: made.url,
    [LABELS.fingerprint]: made.fingerprint,
    [LABELS.volume]: made.volume,
    [LABELS.digest]: made.digest,
  };
}

export function modeOf(labels: Labels): RuntimeMode {
  return labels[LABELS.mode] === 'dev' ? 'dev' : 'prod';
}
