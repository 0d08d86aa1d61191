import { memo } from 'react';
import { Sparkline } from '../../charts/sparkline.tsx';
import { StateMark } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { driftWord, healthWord, markOf, sharingWord } from './health.ts';
import { modelURL } from './links.ts';
import { metricWord } from './metric-word.ts';
import type { ModelRow } from './model-row.ts';

export interface ModelLineProps {
  readonly model: ModelRow;
  readonly user: string | undefined;
  readonly onMenu: (model: ModelRow, anchor: HTMLElement) => void;
}

/** One model. Memoised, and of plain elements: a keystroke in the filter draws fifty of them. */
export const ModelLine = memo(function ModelLine({ model, user, onMenu }: ModelLineProps) {
  const { metricValue, champion, latest } = model;
  return (
    <tr>
      <th scope="row" title={model.name}>
        <a className="k-models__name" href={modelURL(model, user)}>
          {model.name}
        </a>
      </th>
      <td className="k-c-health">
        <StateMark state={markOf[model.health]} title={model.healthReason}>
          {healthWord(model.health)}
        </StateMark>
      </td>
      <td className="k-c-champion k-end">
        {champion === undefined
          ? format.NO_VALUE
          : champion === latest
            ? `v${champion}`
            : t('v{champion} of {latest}', { champion, latest: latest ?? format.NO_VALUE })}
      </td>
      <td className="k-c-algorithm" title={model.algorithm}>
        {model.algorithm}
      </td>
      <td className="k-c-metric" title={metricTitle(model)}>
        {metricValue === undefined ? (
          format.NO_VALUE
        ) : (
          <div className="k-metric">
            <span className="k-metric__name">{metricWord(model.metric)}</span>
            <span className="k-strong k-number">{metricText(metricValue)}</span>
            <Sparkline values={model.history.map(({ value }) => value)} />
          </div>
        )}
      </td>
      <td className="k-c-rows k-end" title={format.number(model.rows)}>
        {format.compact(model.rows)}
      </td>
      <td className="k-c-fit" title={format.moment(model.lastFit)}>
        {format.ago(model.lastFit)}
      </td>
      <td className="k-c-drift">{driftWord(model.drift)}</td>
      <td className="k-c-owner" title={model.owner}>
        {model.owner}
      </td>
      <td className="k-c-app" title={model.app}>
        {model.app}
      </td>
      <td className="k-c-sharing">{sharingWord(model.sharing)}</td>
      <td className="k-c-searches k-end">{format.number(model.searches24h)}</td>
      <td className="k-c-actions">
        <button
          type="button"
          className="k-dots"
          aria-haspopup="menu"
          aria-label={t('Actions for {name}', { name: model.name })}
          onClick={(event) => onMenu(model, event.currentTarget)}
        >
          <svg aria-hidden="true" width="16" height="16" viewBox="0 0 16 16" fill="currentColor">
            <circle cx="8" cy="3" r="1.4" />
            <circle cx="8" cy="8" r="1.4" />
            <circle cx="8" cy="13" r="1.4" />
          </svg>
        </button>
      </td>
    </tr>
  );
});

/** Three decimals as all metrics, but large errors (a MSE of millions) short: the exact value is in the title. */
export const metricText = (value: number | undefined): string =>
  value !== undefined && Math.abs(value) >= 10_000 ? format.compact(value) : format.fixed(value);

function metricTitle({ metric, metricValue, metricBetter }: ModelRow): string | undefined {
  if (metricValue === undefined) return undefined;
  const value = format.number(metricValue, 6);
  return metricBetter === 'lower'
    ? t('{metric} {value}; lower is better', { metric, value })
    : t('{metric} {value}; higher is better', { metric, value });
}
