/** @jest-environment jsdom */
import { fireEvent, render, screen, within } from '@testing-library/react';
import axe from 'axe-core';
import type { ReactElement } from 'react';
import { ActivityChart } from '../../../ui/charts/activity-chart.tsx';
import { BarsChart } from '../../../ui/charts/bars-chart.tsx';
import { CalibrationChart } from '../../../ui/charts/calibration-chart.tsx';
import { ConfusionChart } from '../../../ui/charts/confusion-chart.tsx';
import { CurveChart } from '../../../ui/charts/curve-chart.tsx';
import { PredictedChart } from '../../../ui/charts/predicted-chart.tsx';
import { ResidualsChart } from '../../../ui/charts/residuals-chart.tsx';
import { curve } from '../../../ui/charts/shapes/curve.ts';
import { Sparkline } from '../../../ui/charts/sparkline.tsx';
import { VersionsChart } from '../../../ui/charts/versions-chart.tsx';

const point = (x: number, y: number) => ({ x, y, threshold: 1 - x });
const curves = [
  curve('v2', [point(0, 0), point(0.2, 0.9), point(1, 1)]),
  curve('v1', [point(0, 0), point(1, 1)]),
];
const versions = [
  { version: 1, value: 0.8, failed: false, words: [], time: 1 },
  { version: 2, value: undefined, failed: true, words: [], time: 2 },
  { version: 3, value: 0.9, failed: false, words: ['champion'], time: 3 },
];

/** Each with its title and with a sentence and a cell that must be there. */
const charts: readonly (readonly [string, ReactElement, RegExp, string])[] = [
  [
    'F1 by version',
    <VersionsChart
      key="versions"
      metric="F1"
      better="higher"
      versions={versions}
      champion={3}
      chosen={[3]}
      onChoose={() => undefined}
    />,
    /F1 went from 0\.800 in v1 to 0\.900 in v3/,
    'Damaged',
  ],
  [
    'Confusion matrix',
    <ConfusionChart
      key="confusion"
      cells={[
        { actual: 'no', predicted: 'no', rows: 90 },
        { actual: 'no', predicted: 'yes', rows: 10 },
        { actual: 'yes', predicted: 'yes', rows: 5 },
      ]}
    />,
    /Most often no was taken for yes: 10 rows, 10% of its class/,
    '90',
  ],
  [
    'ROC',
    <CurveChart key="roc" kind="roc" curves={curves} positive="yes" threshold={0.5} />,
    /v2 is 0\.850/,
    'v1',
  ],
  [
    'Precision and recall',
    <CurveChart key="pr" kind="pr" curves={curves} positive="yes" prevalence={0.12} />,
    /area under the curve of v2/,
    'v1',
  ],
  [
    'Calibration',
    <CalibrationChart
      key="calibration"
      bins={[{ predicted: 0.5, observed: 0.4, rows: 100 }]}
      positive="yes"
    />,
    /0\.100 away/,
    '0.304',
  ],
  [
    'Predicted against actual',
    <PredictedChart
      key="predicted"
      target="wear"
      cells={[{ actualLow: 0, actualHigh: 1, predictedLow: 1, predictedHigh: 2, rows: 40 }]}
    />,
    /highest tenth of the predictions the mean was 1\.5, the actual mean 0\.5/,
    '10',
  ],
  [
    'Residuals',
    <ResidualsChart
      key="residuals"
      target="wear"
      bins={[
        { predictedLow: 0, predictedHigh: 1, rows: 10, q05: -2, q25: -1, q50: 0, q75: 1, q95: 2 },
        { predictedLow: 1, predictedHigh: 2, rows: 10, q05: -4, q25: -1, q50: 0, q75: 1, q95: 2 },
      ]}
    />,
    /widest where 1 to 2 is predicted: 90 % lie between −4 and 2/,
    '0 – 1',
  ],
  [
    'Coefficients',
    <BarsChart
      key="bars"
      title="Coefficients"
      facts="2 features"
      signed
      values={[
        { name: 'age', value: 0.2, spread: undefined },
        { name: 'fee', value: -0.5, spread: 0.1 },
      ]}
    />,
    /strongest is fee with −0\.500/,
    '−0.5',
  ],
  [
    'Time of the searches, rows and errors',
    <ActivityChart
      key="activity"
      label={String}
      buckets={[
        { at: 0, searches: 0, rows: 0, errors: 0, p50: undefined, p95: undefined },
        { at: 3600, searches: 4, rows: 2500, errors: 1, p50: 12, p95: 30 },
      ]}
    />,
    /1 error in this time/,
    '30 ms',
  ],
];

describe.each(charts)('the chart %s', (title, chart, sentence, cell) => {
  it('is a figure with a heading, a hidden picture and a sentence that says what it shows', () => {
    render(chart);
    const figure = screen.getByRole('figure', { name: title });
    expect(within(figure).getByRole('heading', { level: 2 }).textContent).toBe(title);
    expect(figure.querySelector('.k-chart-picture > svg')?.getAttribute('aria-hidden')).toBe('true');
    expect(within(figure).getByText(sentence).className).toBe('k-hidden');
  });

  it('swaps picture and table by a button', () => {
    render(chart);
    fireEvent.click(screen.getByRole('button', { name: `Table: ${title}` }));
    expect(screen.queryByText(sentence)).toBeNull();
    expect(within(screen.getByRole('table')).getAllByText(cell).length).toBeGreaterThan(0);
    fireEvent.click(screen.getByRole('button', { name: `Picture: ${title}` }));
    expect(screen.getByText(sentence)).toBeTruthy();
  });

  it('draws no NaN', () => {
    const { container } = render(chart);
    expect(container.innerHTML).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('has nothing that axe-core finds, as picture and as table', async () => {
    const { container } = render(<main>{chart}</main>);
    const problems = async () => (await axe.run(container, rules)).violations.map((one) => one.id);
    expect(await problems()).toEqual([]);
    fireEvent.click(screen.getByRole('button', { name: `Table: ${title}` }));
    expect(await problems()).toEqual([]);
  });
});

/** Colours need a real browser; a chart alone is no page with an h1. */
const rules = {
  rules: {
    'color-contrast': { enabled: false },
    'page-has-heading-one': { enabled: false },
    'heading-order': { enabled: false },
  },
};

/** Nothing to draw, or too much. */
describe('charts at their limits', () => {
  it.each([
    ['confusion', <ConfusionChart key="c" cells={[]} />],
    ['curves', <CurveChart key="r" kind="roc" curves={[]} positive="yes" />],
    ['calibration', <CalibrationChart key="k" bins={[]} positive="yes" />],
    ['predicted', <PredictedChart key="p" target="y" cells={[]} />],
    ['residuals', <ResidualsChart key="s" target="y" bins={[]} />],
    ['bars', <BarsChart key="b" title="Importance" facts="" values={[]} signed={false} />],
    ['activity', <ActivityChart key="a" label={String} buckets={[]} />],
  ])('%s without data stay whole', (_name, chart) => {
    const { container } = render(chart);
    expect(container.innerHTML).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('shows the worst pairs in place of a matrix of more than 20 classes', () => {
    const cells = Array.from({ length: 21 }, (_, index) => ({
      actual: `c${index}`,
      predicted: `c${(index + 1) % 21}`,
      rows: index + 1,
    }));
    const { container } = render(<ConfusionChart cells={cells} />);
    expect(screen.getByText(/21 classes are too many for a matrix/)).toBeTruthy();
    expect(container.querySelectorAll('svg[aria-hidden] rect')).toHaveLength(12);
    expect(screen.getByText('c20 → c0')).toBeTruthy();
  });

  it('shows the thirty strongest bars, and all in the table', () => {
    const values = Array.from({ length: 40 }, (_, index) => ({
      name: `f${index}`,
      value: index,
      spread: undefined,
    }));
    const { container } = render(<BarsChart title="Importance" facts="40" values={values} signed={false} />);
    expect(container.querySelectorAll('rect')).toHaveLength(30);
    fireEvent.click(screen.getByRole('button', { name: 'Table: Importance' }));
    expect(screen.getAllByRole('row')).toHaveLength(41);
  });

  it('puts names into the picture as text, whatever they hold', () => {
    const { container } = render(
      <BarsChart
        title="Importance"
        facts=""
        signed={false}
        values={[{ name: '<img src=x onerror=alert(1)>', value: 1, spread: undefined }]}
      />,
    );
    expect(container.querySelector('img')).toBeNull();
    expect(container.textContent).toContain('<img src=x');
  });

  it('hides the sparkline from screen readers, for the value stands beside it', () => {
    const { container } = render(<Sparkline values={[1, 2, undefined, 3]} />);
    expect(container.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
    expect(container.querySelectorAll('circle')).toHaveLength(1);
  });
});
