import Button from '@splunk/react-ui/Button';
import { useId, useState, type ReactElement, type ReactNode } from 'react';
import { t } from '../i18n/index.ts';
import { ChartTable, type TableOf } from './chart-table.tsx';
import { useWidth } from './use-width.ts';

export interface ChartFrameProps {
  readonly title: string;
  /** What is shown and of how many rows. */
  readonly facts: string;
  /** One sentence that says what the picture shows, for those who don't see it. */
  readonly sentence: string;
  readonly table: TableOf;
  /** Controls that belong to this chart alone. */
  readonly tools?: ReactNode;
  /** Below the picture: names of the series. */
  readonly legend?: ReactNode;
  /** Height of the picture in pixels; by the width where it depends on it. */
  readonly height: number | ((width: number) => number);
  readonly children: (width: number, height: number) => ReactNode;
}

/** The frame of every chart: heading, facts, a button that swaps picture and table, the picture, a hidden sentence. */
export function ChartFrame(props: ChartFrameProps): ReactElement {
  const heading = useId();
  const [asTable, setAsTable] = useState(false);
  const { ref, width } = useWidth();
  const height = typeof props.height === 'number' ? props.height : props.height(width);
  return (
    <figure className="k-panel k-chart" aria-labelledby={heading}>
      <div className="k-chart-head">
        <div>
          <h2 id={heading}>{props.title}</h2>
          <p className="k-chart-facts">{props.facts}</p>
        </div>
        <div className="k-row">
          {props.tools}
          <Button
            appearance="subtle"
            label={asTable ? t('Picture') : t('Table')}
            aria-label={
              asTable
                ? t('Picture: {title}', { title: props.title })
                : t('Table: {title}', { title: props.title })
            }
            onClick={() => setAsTable(!asTable)}
          />
        </div>
      </div>
      {asTable ? (
        <ChartTable label={props.title} table={props.table} />
      ) : (
        <div ref={ref} className="k-chart-picture">
          <svg aria-hidden="true" width={width} height={height}>
            {props.children(width, height)}
          </svg>
          <p className="k-hidden">{props.sentence}</p>
          {props.legend}
        </div>
      )}
    </figure>
  );
}
