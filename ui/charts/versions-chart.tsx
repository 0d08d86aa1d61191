import type { ReactElement } from 'react';
import { format, t } from '../i18n/index.ts';
import { YAxis } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { nearestVersion, versionsLine, type VersionPoint } from './shapes/versions-line.ts';

export interface VersionsChartProps {
  readonly metric: string;
  readonly better: string;
  readonly versions: readonly (VersionPoint & { readonly time: number | undefined })[];
  readonly champion: number | undefined;
  /** Versions compared below; a click adds or removes one. */
  readonly chosen: readonly number[];
  readonly onChoose: (version: number) => void;
}

const margins = { top: 24, right: 16, bottom: 26, left: 56 };

/** The main metric version by version: a failed fit is a gap with ✕, the champion filled, chosen versions ringed. */
export function VersionsChart(props: VersionsChartProps): ReactElement {
  const { metric, versions, champion, chosen } = props;
  const failed = versions.filter((version) => version.failed).length;
  const first = versions[0];
  const last = versions.at(-1);
  return (
    <ChartFrame
      title={t('{metric} by version', { metric })}
      facts={[
        props.better === 'lower' ? t('Lower is better.') : t('Higher is better.'),
        failed > 0 ? t('✕ marks a version that cannot be used.') : '',
        t('Select versions to compare them below.'),
      ]
        .filter(Boolean)
        .join(' ')}
      sentence={
        first && last && first.version === last.version
          ? t('{metric} of v{version} is {value}.', {
              metric,
              version: last.version,
              value: format.fixed(last.value),
            })
          : first && last
            ? t('{metric} went from {first} in v{from} to {last} in v{to}.', {
                metric,
                first: format.fixed(first.value),
                from: first.version,
                last: format.fixed(last.value),
                to: last.version,
              })
            : t('There is no version.')
      }
      table={{
        columns: [
          { label: t('Version'), text: true },
          { label: metric },
          { label: t('Alias'), text: true },
          { label: t('Fitted') },
        ],
        rows: [...versions]
          .reverse()
          .map((version) => [
            `v${version.version}`,
            version.failed ? t('Damaged') : format.fixed(version.value),
            version.words.join(', '),
            format.moment(version.time),
          ]),
      }}
      height={152}
    >
      {(width, height) => {
        const { y, placed, path } = versionsLine(versions, width, height, margins);
        return (
          <>
            <YAxis axis={y} margins={margins} width={width} height={height} />
            <path className="k-line" d={path} style={{ stroke: 'var(--k-mark)', strokeWidth: 1.5 }} />
            {placed.map((version) => (
              <g key={version.version}>
                {version.y === undefined ? (
                  <text
                    className="k-axis-strong"
                    x={version.x}
                    y={height - margins.bottom - 4}
                    textAnchor="middle"
                    style={version.failed ? { fill: 'var(--k-negative)' } : undefined}
                  >
                    {version.failed ? '✕' : '–'}
                  </text>
                ) : (
                  <>
                    {chosen.includes(version.version) && (
                      <circle
                        cx={version.x}
                        cy={version.y}
                        r={8}
                        style={{ fill: 'var(--k-section)', stroke: 'var(--k-series-1)', strokeWidth: 1.5 }}
                      />
                    )}
                    <circle
                      cx={version.x}
                      cy={version.y}
                      r={version.version === champion ? 5.5 : 4}
                      style={{
                        fill: version.version === champion ? 'var(--k-series-1)' : 'var(--k-mark)',
                      }}
                    />
                  </>
                )}
                {version.words.length > 0 && (
                  <text
                    className="k-axis-strong"
                    x={Math.min(version.x, width - version.words.join(', ').length * 3.5)}
                    y={Math.max(11, (version.y ?? height / 2) - 14 - version.row * 14)}
                    textAnchor="middle"
                  >
                    {version.words.join(', ')}
                  </text>
                )}
                {version.named && (
                  <text className="k-axis" x={version.x} y={height - 6} textAnchor="middle">
                    v{version.version}
                  </text>
                )}
              </g>
            ))}
            <rect
              className="k-catch"
              x={margins.left}
              width={Math.max(0, width - margins.left)}
              height={height}
              fill="transparent"
              style={{ cursor: 'pointer' }}
              onClick={(event) => {
                const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
                const at = { x: event.clientX - (box?.left ?? 0), y: 0 };
                const version = nearestVersion(placed, at);
                if (version) props.onChoose(version.version);
              }}
            />
          </>
        );
      }}
    </ChartFrame>
  );
}
