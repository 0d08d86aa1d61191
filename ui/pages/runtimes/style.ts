import { createGlobalStyle } from 'styled-components';

/** What this page alone needs. */
export const PageStyle = createGlobalStyle`
  .k-table td.k-runtime-name {
    white-space: nowrap;
  }
  .k-runtime-actions {
    display: flex;
    gap: 4px;
    align-items: center;
    justify-content: flex-end;
  }
  .k-tab {
    padding-top: 12px;
  }
  .k-job-search {
    max-width: 420px;
  }
  .k-job-search > span {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow-wrap: anywhere;
  }
  .k-job-stage {
    min-width: 180px;
    gap: 4px;
  }
  .k-log {
    height: 320px;
    padding: 12px 16px;
    border: 1px solid var(--k-border);
    border-radius: 4px;
    background: var(--k-page);
    font: 12px/20px var(--k-mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .k-log__level {
    display: inline-block;
    min-width: 44px;
  }
  .k-log__loud {
    color: var(--k-text-strong);
    font-weight: 700;
  }
`;
