import { createGlobalStyle } from 'styled-components';
import { chartStyle } from '../../charts/style.ts';

export const ModelStyle = createGlobalStyle`
  ${chartStyle}
  .k-page .k-facts {
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
  }
  .k-tabs {
    margin-top: 16px;
  }
  .k-panel-body {
    padding-top: 16px;
  }
  .k-compare {
    overflow: auto;
  }
  .k-compare .k-table {
    width: auto;
    min-width: 100%;
    table-layout: fixed;
  }
  .k-compare col.k-compare__label { width: 190px; }
  .k-compare col.k-compare__version { width: 210px; }
  .k-compare .k-table thead th {
    text-align: right;
  }
  .k-compare .k-table thead th > div {
    display: flex;
    gap: 4px;
    align-items: center;
    justify-content: flex-end;
    min-width: 0;
  }
  .k-compare .k-table th:first-child {
    position: sticky;
    left: 0;
    text-align: left;
  }
  .k-compare .k-table tbody th {
    background: var(--k-section);
    color: var(--k-text);
    font-weight: 400;
  }
  .k-compare .k-table tbody th.k-group {
    height: 28px;
    background: var(--k-head);
    color: var(--k-text-strong);
    font-size: 12px;
    font-weight: 700;
  }
  .k-compare .k-table td {
    overflow: hidden;
    max-width: 210px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .k-compare .k-table td[data-changed='true'] {
    background: color-mix(in srgb, var(--k-series-1) 12%, var(--k-section));
    color: var(--k-text-strong);
  }
  .k-compare .k-table thead td {
    background: var(--k-head);
  }
  .k-compare .k-table td.k-long {
    text-overflow: clip;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .k-cards {
    display: grid;
    gap: 16px;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  }
  @media (max-width: 899px) {
    .k-cards { grid-template-columns: minmax(0, 1fr); }
  }
  .k-controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin-bottom: 12px;
  }
  .k-controls__end {
    margin-left: auto;
  }
  .k-use {
    display: grid;
    gap: 8px;
    align-content: start;
  }
`;
