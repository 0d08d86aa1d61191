import type { Fact } from '../../components/index.ts';
import { count, format, t } from '../../i18n/index.ts';
import { driftWord } from '../models/health.ts';
import { metricWord } from '../models/metric-word.ts';
import type { ModelRow } from '../models/model-row.ts';
import type { VersionRow } from './version-row.ts';

/** A model at a glance: champion, its metric against the challenger's, use, speed, drift. */
export function factsOf(
  model: ModelRow,
  versions: readonly VersionRow[],
  challenger: number | undefined,
): readonly Fact[] {
  const champion = versions.find((version) => version.version === model.champion);
  const other = versions.find((version) => version.version === challenger);
  const sameMetric = other !== undefined && other.metric === model.metric;
  const gain =
    sameMetric && other.metricValue !== undefined && model.metricValue !== undefined
      ? other.metricValue - model.metricValue
      : undefined;
  return [
    {
      label: t('Champion'),
      value: model.champion === undefined ? format.NO_VALUE : `v${model.champion}`,
      ...(champion?.created !== undefined && { title: format.moment(champion.created) }),
    },
    {
      label:
        gain === undefined
          ? t('Main metric')
          : t('{metric}, challenger {gain}', {
              metric: metricWord(model.metric),
              gain: `${gain > 0 ? '+' : ''}${format.fixed(gain)}`,
            }),
      value:
        model.metricValue === undefined
          ? format.NO_VALUE
          : `${metricWord(model.metric)} ${format.fixed(model.metricValue)}`,
      title: format.number(model.metricValue, 9),
    },
    {
      label: t('Applied, 24 h'),
      value: count(model.searches24h ?? 0, '{n} search', '{n} searches', {
        n: format.number(model.searches24h),
      }),
    },
    {
      label: t('Rows, 24 h'),
      value: format.compact(model.rows24h),
      title: format.number(model.rows24h),
    },
    {
      label: t('p50 / p95 per search'),
      value:
        model.p50 === undefined
          ? format.NO_VALUE
          : `${format.milliseconds(model.p50)} / ${format.milliseconds(model.p95)}`,
    },
    { label: t('Errors, 24 h'), value: format.number(model.errors24h) },
    { label: t('Drift'), value: driftWord(model.drift) },
  ];
}
