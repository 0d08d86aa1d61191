import { tableOf } from '../../contract/catalogue/rows.ts';
import { KEPLER_VERSION } from '../../contract/version.ts';
import { CATALOGUE } from '../../estimators/catalogue.ts';
import type { Provider } from './provider.ts';

/** Built-in algorithms, then users' templates, each in the version that the next fit takes. */
export const templates: Provider = ({ noun, name, services }) => {
  const builtIn = [...CATALOGUE.values()].map((template) => ({
    name: template.name,
    kind: template.kind,
    origin: 'built-in',
    version: KEPLER_VERSION,
    about: template.description,
    params: template.params,
  }));
  const own = services.templates.list().map(({ name: of, manifest, unserved }) => ({
    name: of,
    kind: manifest?.kind,
    origin: 'user',
    version: manifest?.version,
    about: manifest?.description,
    params: manifest?.params,
    error: unserved,
  }));
  const all = [...builtIn, ...own];
  if (name === undefined) return tableOf(noun.fields, all);
  const named = all.filter((row) => row.name === name);
  // Says what is near, and which there are.
  if (named.length === 0) services.templates.finder.find(name);
  return tableOf(noun.fields, named);
};
