import { css } from 'styled-components';

/** What every page shares: the page's frame, panels, and plain tables. Spacing is 4, 8, 12, 16 or 24 pixels. */
export const base = css`
  .k-page {
    box-sizing: border-box;
    min-height: calc(100vh - 76px);
    padding: 16px 24px 32px;
    background: var(--k-page);
    color: var(--k-text);
    font: 14px/20px var(--k-sans);
  }
  .k-page *,
  .k-dialog * {
    box-sizing: border-box;
  }
  .k-page h1,
  .k-page h2,
  .k-page h3,
  .k-page p,
  .k-page dl,
  .k-page dd,
  .k-page figure {
    margin: 0;
  }
  .k-page h1 {
    color: var(--k-text-strong);
    font-size: 24px;
    font-weight: 700;
    line-height: 32px;
  }
  .k-page h2 {
    color: var(--k-text-strong);
    font-size: 16px;
    font-weight: 700;
    line-height: 24px;
  }
  .k-page h3 {
    color: var(--k-text-strong);
    font-size: 14px;
    font-weight: 700;
  }
  .k-mono {
    font-family: var(--k-mono);
    font-size: 13px;
  }
  .k-number {
    font-variant-numeric: tabular-nums;
  }
  .k-strong {
    color: var(--k-text-strong);
    font-weight: 700;
  }
  .k-panel {
    padding: 16px;
    border: 1px solid var(--k-border);
    border-radius: 4px;
    background: var(--k-section);
  }
  .k-stack {
    display: grid;
    gap: 16px;
    grid-template-columns: minmax(0, 1fr);
  }
  .k-stack-small {
    display: grid;
    gap: 8px;
    grid-template-columns: minmax(0, 1fr);
  }
  .k-row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .k-spread {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
  }
  .k-hidden {
    position: absolute;
    overflow: hidden;
    width: 1px;
    height: 1px;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .k-clip {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .k-table-frame {
    border: 1px solid var(--k-border);
    border-radius: 4px;
    background: var(--k-section);
  }
  .k-table {
    width: 100%;
    border-spacing: 0;
    border-collapse: separate;
    color: var(--k-text);
    font-size: 14px;
  }
  .k-table th {
    height: 32px;
    padding: 4px 8px;
    border-bottom: 1px solid var(--k-border);
    background: var(--k-head);
    color: var(--k-text-strong);
    font-weight: 700;
    text-align: left;
    white-space: nowrap;
  }
  .k-table td {
    height: 34px;
    padding: 4px 8px;
    border-bottom: 1px solid var(--k-border);
  }
  .k-table tbody tr:last-child > td,
  .k-table tbody tr:last-child > th {
    border-bottom: 0;
  }
  .k-table .k-end {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  .k-table tbody tr:hover > td {
    background: var(--k-hover);
  }
  .k-table tbody tr[data-selected='true'] > td {
    background: var(--k-selected);
  }
  .k-scroll {
    overflow: auto;
  }
  .k-scroll:focus-visible {
    outline: 2px solid var(--k-focus);
    outline-offset: -2px;
  }
  @media (prefers-reduced-motion: reduce) {
    .k-page *,
    .k-dialog * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
