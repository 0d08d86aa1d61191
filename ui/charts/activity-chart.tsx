import type { ReactElement } from 'react';
import { count, format, t } from '../i18n/index.ts';
import { YAxis } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { Legend } from './series.tsx';
import { activityShapes, barStrip, type ActivityBucket } from './shapes/activity.ts';

const margins = { top: 44, right: 16, bottom: 26, left: 64 };

/** How much and how fast a model is used: p50 and p95 from zero, rows as bars below, errors as ◆ with their count on top. */
export function ActivityChart({
  buckets,
  label,
}: {
  readonly buckets: readonly ActivityBucket[];
  /** Writes the time of a bucket below the picture. */
  readonly label: (seconds: number) => string;
}): ReactElement {
  const sum = (of: (bucket: ActivityBucket) => number): number =>
    buckets.reduce((total, bucket) => total + of(bucket), 0);
  const searches = sum((bucket) => bucket.searches);
  const errors = sum((bucket) => bucket.errors);
  const said = { n: format.number(searches), rows: format.number(sum((bucket) => bucket.rows)) };
  return (
    <ChartFrame
      title={t('Time of the searches, rows and errors')}
      facts={count(searches, '{n} search, {rows} rows', '{n} searches, {rows} rows', said)}
      sentence={count(errors, '{n} error in this time.', '{n} errors in this time.', {
        n: format.number(errors),
      })}
      table={{
        columns: [
          { label: t('Time'), text: true },
          { label: t('Searches') },
          { label: t('Rows') },
          { label: 'p50' },
          { label: 'p95' },
          { label: t('Errors') },
        ],
        rows: buckets
          .filter((bucket) => bucket.searches > 0 || bucket.errors > 0)
          .map((bucket) => [
            format.moment(bucket.at),
            format.number(bucket.searches),
            format.number(bucket.rows),
            format.milliseconds(bucket.p50),
            format.milliseconds(bucket.p95),
            format.number(bucket.errors),
          ]),
      }}
      height={280}
      legend={<Legend series={[{ name: t('p50 per search') }, { name: t('p95 per search') }]} />}
    >
      {(width, height) => {
        const { y, rows, placed, p50, p95 } = activityShapes(buckets, width, height, margins);
        const floor = height - margins.bottom;
        return (
          <>
            <YAxis axis={y} margins={margins} width={width} height={height} label={t('Milliseconds')} />
            <text className="k-axis" x={margins.left - 8} y={floor - barStrip + 10} textAnchor="end">
              {format.compact(rows.scale.domain()[1])}
            </text>
            <text className="k-axis" x={margins.left - 8} y={floor} textAnchor="end">
              {t('rows')}
            </text>
            <line
              className="k-axis-line"
              x1={margins.left}
              x2={width - margins.right}
              y1={floor}
              y2={floor}
            />
            {placed.map((bucket) => (
              <g key={bucket.at}>
                {bucket.rows > 0 && (
                  <rect
                    x={bucket.x - bucket.width / 2}
                    y={Math.min(bucket.top, floor - 1)}
                    width={bucket.width}
                    height={Math.max(1, floor - bucket.top)}
                    style={{ fill: 'var(--k-mark)', opacity: 0.6 }}
                  />
                )}
                {bucket.errors > 0 && (
                  <text
                    className="k-axis-strong"
                    x={bucket.x}
                    y={30}
                    textAnchor="middle"
                    style={{ fill: 'var(--k-negative)' }}
                  >
                    ◆ {format.compact(bucket.errors)}
                  </text>
                )}
                {bucket.named && (
                  <text className="k-axis" x={bucket.x} y={height - 8} textAnchor="middle">
                    {label(bucket.at)}
                  </text>
                )}
                {/* A lone hour has no line through it: a dot shows it. */}
                {bucket.p50 !== undefined && (
                  <circle
                    cx={bucket.x}
                    cy={y.scale(bucket.p50)}
                    r={2}
                    style={{ fill: 'var(--k-series-1)' }}
                  />
                )}
                {bucket.p95 !== undefined && (
                  <circle
                    cx={bucket.x}
                    cy={y.scale(bucket.p95)}
                    r={2}
                    style={{ fill: 'var(--k-series-2)' }}
                  />
                )}
              </g>
            ))}
            <path className="k-line" d={p50} style={{ stroke: 'var(--k-series-1)' }} />
            <path className="k-line" d={p95} strokeDasharray="6 4" style={{ stroke: 'var(--k-series-2)' }} />
          </>
        );
      }}
    </ChartFrame>
  );
}
