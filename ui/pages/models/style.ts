import { createGlobalStyle } from 'styled-components';
import { chartStyle } from '../../charts/style.ts';

/**
 * Widths are fixed, the name takes what is left; columns go one after the other when the window narrows, so that the
 * name, the one that matters, keeps at least 200 pixels.
 */
export const ModelsStyle = createGlobalStyle`
  ${chartStyle}
  .k-filters {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin-bottom: 12px;
  }
  .k-filters__find {
    flex: 0 1 280px;
    min-width: 200px;
  }
  .k-filters__selects {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-left: auto;
  }
  .k-models .k-table {
    table-layout: fixed;
  }
  .k-models .k-table th {
    position: sticky;
    z-index: 1;
    top: 0;
  }
  .k-models .k-table td,
  .k-models .k-table tbody th {
    overflow: hidden;
    height: 34px;
    padding: 0 8px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .k-models .k-table tbody th {
    position: static;
    border-bottom: 1px solid var(--k-border);
    background: none;
    color: inherit;
    font-weight: 400;
  }
  .k-models .k-table tbody tr:hover > th {
    background: var(--k-hover);
  }
  .k-models__name {
    color: var(--k-link);
    text-decoration: none;
  }
  .k-models__name:hover {
    text-decoration: underline;
  }
  .k-models__name:focus-visible,
  .k-sort:focus-visible {
    border-radius: 2px;
    outline: 2px solid var(--k-focus);
    outline-offset: 1px;
  }
  .k-sort {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    max-width: 100%;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    cursor: pointer;
    font: inherit;
  }
  .k-sort > span {
    font-size: 10px;
  }
  .k-metric {
    display: grid;
    gap: 8px;
    align-items: center;
    grid-template-columns: minmax(0, 1fr) auto 72px;
  }
  .k-metric__name {
    overflow: hidden;
    font-size: 12px;
    text-overflow: ellipsis;
  }
  .k-models col.k-c-health { width: 104px; }
  .k-models col.k-c-champion { width: 92px; }
  .k-models col.k-c-algorithm { width: 156px; }
  .k-models col.k-c-metric { width: 204px; }
  .k-models col.k-c-rows { width: 84px; }
  .k-models col.k-c-fit { width: 132px; }
  .k-models col.k-c-drift { width: 108px; }
  .k-models col.k-c-owner { width: 96px; }
  .k-models col.k-c-app { width: 116px; }
  .k-models col.k-c-sharing { width: 96px; }
  .k-models col.k-c-searches { width: 116px; }
  .k-models col.k-c-actions { width: 48px; }
  .k-models .k-state {
    vertical-align: middle;
  }
  .k-models td.k-c-actions {
    overflow: visible;
    padding: 0 4px;
    text-align: center;
  }
  .k-dots {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    width: 28px;
    height: 28px;
    padding: 0;
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--k-text-strong);
    cursor: pointer;
  }
  .k-dots:hover {
    background: var(--k-hover);
  }
  .k-dots:focus-visible {
    outline: 2px solid var(--k-focus);
  }
  @media (max-width: 1679px) {
    .k-models .k-c-searches,
    .k-models .k-c-sharing { display: none; }
  }
  @media (max-width: 1439px) {
    .k-models .k-c-app { display: none; }
  }
  @media (max-width: 1159px) {
    .k-models .k-c-rows,
    .k-models .k-c-owner { display: none; }
  }
  @media (max-width: 939px) {
    .k-models .k-c-algorithm,
    .k-models .k-c-fit { display: none; }
  }
  .k-foot {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
    min-height: 32px;
    margin-top: 8px;
  }
`;
