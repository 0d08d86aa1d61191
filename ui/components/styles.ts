import { css } from 'styled-components';

/** The look of the parts in this folder, by class: a row of a table must not cost a styled component a cell. */
export const components = css`
  .k-state {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    white-space: nowrap;
  }
  .k-state > svg {
    flex: none;
    width: 12px;
    height: 12px;
  }
  .k-state--ok > svg {
    color: var(--k-ok);
  }
  .k-state--attention > svg {
    color: var(--k-caution);
  }
  .k-state--failed > svg {
    color: var(--k-negative);
  }
  .k-state--busy > svg {
    animation: k-turn 1.2s linear infinite;
    color: var(--k-positive);
  }
  .k-state--idle > svg {
    color: var(--k-mark);
  }
  @keyframes k-turn {
    to {
      transform: rotate(360deg);
    }
  }
  .k-head {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    align-items: flex-start;
    justify-content: space-between;
    margin-bottom: 16px;
  }
  .k-head__title {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
  }
  .k-head__facts {
    margin-top: 4px;
  }
  .k-head__actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .k-crumbs {
    margin-bottom: 4px;
  }
  .k-lines {
    display: grid;
    gap: 8px;
    margin-bottom: 16px;
    grid-template-columns: minmax(0, 1fr);
  }
  .k-message__actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 8px;
  }
  .k-message__small {
    margin-top: 4px;
    font-size: 12px;
  }
  .k-facts {
    display: grid;
    overflow: hidden;
    border: 1px solid var(--k-border);
    border-radius: 4px;
    background: var(--k-section);
    grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
  }
  .k-facts > div {
    min-width: 0;
    margin: 0 -1px -1px 0;
    padding: 8px 12px;
    border: solid var(--k-border);
    border-width: 0 1px 1px 0;
  }
  .k-facts dt {
    font-size: 12px;
    line-height: 16px;
  }
  .k-facts dd {
    color: var(--k-text-strong);
    font-weight: 700;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .k-meter {
    display: grid;
    gap: 4px;
    min-width: 72px;
    white-space: nowrap;
  }
  .k-meter__track {
    display: block;
    height: 6px;
    overflow: hidden;
    border-radius: 3px;
    background: var(--k-track);
  }
  .k-meter__bar {
    display: block;
    height: 100%;
    border-radius: 3px;
    background: var(--k-series-1);
  }
  .k-meter__bar[data-high='true'] {
    background: var(--k-caution);
  }
  .k-skeleton > span {
    display: block;
    width: 100%;
    height: 14px;
    border-radius: 3px;
    background: var(--k-track);
    opacity: 0.6;
  }
  .k-empty {
    display: grid;
    gap: 12px;
    max-width: 720px;
    padding: 24px 16px;
  }
  .k-code {
    overflow: auto;
    margin: 0;
    padding: 8px 12px;
    border: 1px solid var(--k-border);
    border-radius: 4px;
    background: var(--k-page);
    color: var(--k-text-strong);
    font: 13px/20px var(--k-mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .k-code:focus-visible {
    outline: 2px solid var(--k-focus);
  }
  .k-menu-note {
    max-width: 280px;
    padding: 8px 12px;
    border-bottom: 1px solid var(--k-border);
    color: var(--k-text);
    font-size: 12px;
    line-height: 16px;
  }
  .k-dialog {
    width: 520px;
    max-width: 90vw;
  }
  .k-dialog p {
    margin: 0 0 12px;
  }
`;
