import { createGlobalStyle } from 'styled-components';
import { chartStyle } from '../charts/style.ts';

/** What the workbench adds to the pages' style. */
export const WorkbenchStyle = createGlobalStyle`
  ${chartStyle}
  body {
    margin: 0;
  }
  .w-page {
    display: grid;
    height: 100vh;
    min-height: 640px;
    padding: 0;
    grid-template: 48px minmax(0, 1fr) / 224px minmax(0, 1fr) 296px;
  }
  .w-head {
    display: flex;
    gap: 4px 8px;
    align-items: center;
    padding: 0 16px;
    border-bottom: 1px solid var(--k-border);
    background: var(--k-section);
    grid-column: 1 / -1;
  }
  .k-page .w-head h1 {
    font-size: 18px;
  }
  .w-user {
    flex: 1;
    margin-left: 8px;
  }
  .w-list {
    overflow: auto;
    padding: 12px 8px;
    border-right: 1px solid var(--k-border);
    background: var(--k-section);
  }
  .w-list > .k-spread,
  .w-list > p {
    padding: 0 8px 8px;
  }
  .w-list ul {
    display: grid;
    gap: 2px;
    margin: 0;
    padding: 0;
    list-style: none;
    grid-template-columns: minmax(0, 1fr);
  }
  .w-list button[aria-current] {
    display: grid;
    width: 100%;
    padding: 6px 8px;
    border: 0;
    border-radius: 4px;
    background: none;
    color: inherit;
    font: inherit;
    text-align: left;
    cursor: pointer;
    grid-template-columns: minmax(0, 1fr);
  }
  .w-list button[aria-current]:hover {
    background: var(--k-hover);
  }
  .w-list button[aria-current='true'] {
    background: var(--k-selected);
    box-shadow: inset 3px 0 0 var(--k-accent);
  }
  .w-list button[aria-current]:focus-visible {
    outline: 2px solid var(--k-focus);
    outline-offset: -2px;
  }
  .w-name {
    color: var(--k-text-strong);
    font-weight: 700;
  }
  .w-serves {
    display: flex;
    gap: 8px;
    justify-content: space-between;
    font-size: 12px;
  }
  .w-main {
    display: grid;
    min-width: 0;
    min-height: 0;
    grid-template: auto auto minmax(120px, 11fr) minmax(160px, 9fr) / minmax(0, 1fr);
  }
  .w-bar-row {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 12px;
    border-bottom: 1px solid var(--k-border);
  }
  .w-saved {
    flex: 1;
    font-size: 12px;
  }
  .w-lines {
    display: grid;
    overflow: auto;
    max-height: 30vh;
    grid-template-columns: minmax(0, 1fr);
  }
  .w-source {
    min-height: 0;
    border-bottom: 1px solid var(--k-border);
    background: var(--k-section);
  }
  .w-editor {
    height: 100%;
    overflow: hidden;
  }
  .w-hint {
    padding: 24px;
  }
  .w-results {
    display: flex;
    overflow: auto;
    flex-direction: column;
    padding: 0 12px 12px;
  }
  .w-outcome {
    padding: 8px 0 4px;
  }
  .w-failure {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
  }
  .w-note {
    padding: 8px 0;
  }
  .w-table {
    max-height: 100%;
    margin-top: 8px;
    border: 1px solid var(--k-border);
    border-radius: 4px;
    background: var(--k-section);
  }
  .w-table .k-table th {
    position: sticky;
    top: 0;
  }
  .w-table .k-table td {
    height: 28px;
    white-space: nowrap;
  }
  .k-table td.w-made,
  .k-table th.w-made {
    color: var(--k-text-strong);
    font-weight: 700;
    box-shadow: inset 1px 0 0 var(--k-border);
  }
  .w-timing td:last-child {
    width: 40%;
  }
  .w-bar {
    display: block;
    height: 8px;
    min-width: 1px;
    background: var(--k-series-1);
  }
  .w-cards {
    display: grid;
    gap: 12px;
    padding-top: 8px;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr));
  }
  .w-log {
    margin-top: 8px;
    padding: 8px 12px;
    border: 1px solid var(--k-border);
    border-radius: 4px;
    background: var(--k-section);
    font: 12px/20px var(--k-mono);
    overflow-wrap: anywhere;
  }
  .w-log [data-level='warn'] b {
    color: var(--k-caution);
  }
  .w-log [data-level='error'] b {
    color: var(--k-negative);
  }
  .w-side {
    overflow: auto;
    padding: 12px 16px;
    border-left: 1px solid var(--k-border);
    background: var(--k-section);
  }
  .w-fields {
    display: grid;
    overflow: auto;
    max-height: 260px;
    margin: 0;
    padding: 4px 8px 8px;
    border: 1px solid var(--k-border);
    border-radius: 4px;
    grid-template-columns: minmax(0, 1fr);
  }
  .w-fields label {
    display: grid;
    gap: 8px;
    align-items: center;
    min-height: 24px;
    grid-template-columns: auto minmax(0, 1fr) auto;
  }
  .w-kind {
    font-size: 12px;
  }
  .w-diff {
    max-height: 50vh;
    border: 1px solid var(--k-border);
    font: 12px/18px var(--k-mono);
  }
  .w-diff table {
    border-spacing: 0;
  }
  .w-diff td {
    padding: 0 8px;
    vertical-align: top;
  }
  .w-diff pre {
    margin: 0;
    font: inherit;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .w-diff tr[data-kind='gone'] td {
    background: color-mix(in srgb, var(--k-negative) 12%, var(--k-popup));
    color: var(--k-text-strong);
  }
  .w-diff tr[data-kind='new'] td {
    background: color-mix(in srgb, var(--k-series-1) 12%, var(--k-popup));
    color: var(--k-text-strong);
  }
  @media (max-width: 1100px) {
    .w-page {
      height: auto;
      grid-template: 48px auto auto / 200px minmax(0, 1fr);
    }
    .w-main {
      height: calc(100vh - 48px);
    }
    .w-side {
      border-top: 1px solid var(--k-border);
      border-left: 0;
      grid-column: 1 / -1;
    }
  }
`;
