import type { Command } from './command.ts';

/** Loaded one at a time: a process is one command, and starting it fast matters more than anything it does not use. */
const LOADERS: Readonly<Record<string, () => Promise<Command>>> = Object.freeze({
  fit: async () => (await import('./fit.ts')).fit,
  apply: async () => (await import('./apply.ts')).apply,
  summary: async () => (await import('./summary.ts')).summary,
  score: async () => (await import('./score.ts')).score,
  sample: async () => (await import('./sample.ts')).sample,
  listmodels: async () => (await import('./listmodels.ts')).listmodels,
  deletemodel: async () => (await import('./deletemodel.ts')).deletemodel,
});

/** Kepler's own, which nobody else has: they need no second name. */
const OWN: typeof LOADERS = Object.freeze({
  kepler: async () => (await import('./kepler.ts')).kepler,
  keplerctl: async () => (await import('./keplerctl.ts')).keplerctl,
});

/** Those with MLTK's names; each is there with a k in front too. */
export const COMMAND_NAMES: readonly string[] = Object.keys(LOADERS);
export const OWN_COMMAND_NAMES: readonly string[] = Object.keys(OWN);

/** The command of this name; `kfit` is `fit`, and so on. Null where there is none. */
export async function loadCommand(name: string): Promise<Command | null> {
  if (Object.hasOwn(OWN, name)) return OWN[name]();
  const known = [name, name.replace(/^k/, '')].find((candidate) => Object.hasOwn(LOADERS, candidate));
  return known === undefined ? null : LOADERS[known]();
}
