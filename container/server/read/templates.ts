import { KEPLER_VERSION } from '../../contract/version.ts';
import { CATALOGUE, findTemplate } from '../../estimators/catalogue.ts';
import type { Provider } from './provider.ts';
import { tableOf } from '../../contract/catalogue/rows.ts';

export const templates: Provider = ({ noun, name }) => {
  const all = name === undefined ? [...CATALOGUE.values()] : [findTemplate(name)];
  const rows = all.map((template) => ({
    name: template.name,
    kind: template.kind,
    origin: 'built-in',
    version: KEPLER_VERSION,
    about: template.description,
    params: template.params,
  }));
  return tableOf(noun.fields, rows);
};
