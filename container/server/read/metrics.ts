import { mainMetricOf } from '../../helpers/metrics/main-metric.ts';
import type { Manifest } from '../../registry/types.ts';
import { metricRow } from './models.ts';
import { asksForPlots, plots } from './plots.ts';
import { referenceOf, whoseOf } from './provider.ts';
import type { Provider } from './provider.ts';
import { tableOf } from '../../contract/catalogue/rows.ts';
import type { Row } from '../../contract/catalogue/rows.ts';

export const metrics: Provider = async (question) => {
  if (asksForPlots(question)) return plots(question);
  const { noun, name, options, services, principal } = question;
  const { registry } = services;
  const reference = referenceOf(name ?? '');
  const whose = whoseOf(options);
  const manifests: Manifest[] = [];
  if (reference.version !== undefined || reference.alias !== undefined) {
    const { id, version } = await registry.resolve(reference, principal, whose);
    manifests.push(await registry.manifest(id, version));
  } else {
    const id = await registry.find(reference, principal, whose);
    // A damaged version has no metrics; kepler versions names it.
    for (const { manifest } of await registry.versions(id)) if (manifest) manifests.unshift(manifest);
  }
  return tableOf(noun.fields, manifests.flatMap(rowsOf));
};

function rowsOf({ version, metrics: values, measuredOn }: Manifest): Row[] {
  const main = mainMetricOf(values)?.name;
  return Object.entries(values).map(([name, value]) => metricRow(version, name, value, main, measuredOn));
}
