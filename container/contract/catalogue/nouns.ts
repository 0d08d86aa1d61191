import { HEALTH, IMAGES, RUNTIMES } from './head-nouns.ts';
import { METRICS, MODELS, VERSIONS } from './model-nouns.ts';
import { DATASETS, JOBS, RUNS, SETTINGS, TEMPLATES } from './runtime-nouns.ts';
import type { Noun } from './types.ts';

/** Everything that `| kepler` reads. A noun joins by a line here. */
export const NOUNS: readonly Noun[] = Object.freeze([
  MODELS,
  VERSIONS,
  METRICS,
  RUNS,
  JOBS,
  RUNTIMES,
  IMAGES,
  TEMPLATES,
  DATASETS,
  SETTINGS,
  HEALTH,
]);

export function findNoun(name: string): Noun | undefined {
  return NOUNS.find((noun) => noun.name === name);
}
