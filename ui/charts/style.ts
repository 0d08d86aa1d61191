import { css } from 'styled-components';

/** What charts add to the pages' style sheet. Colours come from the theme's custom properties. */
export const chartStyle = css`
  .k-chart {
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-width: 0;
  }
  .k-page .k-chart h2 {
    font-size: 14px;
    line-height: 20px;
  }
  .k-chart-head {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    justify-content: space-between;
  }
  .k-chart-head > .k-row {
    flex: none;
    flex-wrap: nowrap;
  }
  .k-chart-facts {
    font-size: 12px;
    line-height: 16px;
  }
  .k-chart-picture {
    position: relative;
    min-width: 0;
    overflow: hidden;
  }
  .k-chart-picture svg {
    display: block;
  }
  .k-chart-table {
    max-height: 340px;
  }
  .k-chart-table .k-table th {
    position: sticky;
    top: 0;
  }
  .k-axis {
    fill: var(--k-text);
    font: 12px var(--k-sans);
    font-variant-numeric: tabular-nums;
  }
  .k-axis-strong {
    fill: var(--k-text-strong);
    font: 700 12px var(--k-sans);
    font-variant-numeric: tabular-nums;
  }
  .k-grid {
    stroke: var(--k-border);
    shape-rendering: crispEdges;
  }
  .k-axis-line {
    stroke: var(--k-mark);
    shape-rendering: crispEdges;
  }
  .k-guide {
    fill: none;
    stroke: var(--k-mark);
    stroke-dasharray: 3 3;
  }
  .k-line {
    fill: none;
    stroke-width: 2;
    stroke-linejoin: round;
  }
  .k-legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 8px 0 0;
    padding: 0;
    font-size: 12px;
    list-style: none;
  }
  .k-legend li {
    display: flex;
    gap: 6px;
    align-items: center;
  }
  .k-spark {
    display: block;
    flex: none;
  }
  .k-spark path {
    fill: none;
    stroke: var(--k-mark);
    stroke-width: 1.5;
  }
  .k-spark circle {
    fill: var(--k-series-1);
  }
`;
