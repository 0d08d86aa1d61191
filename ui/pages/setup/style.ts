import { createGlobalStyle } from 'styled-components';

/** What this page alone needs. */
export const PageStyle = createGlobalStyle`
  .k-setup {
    display: grid;
    gap: 24px;
    align-items: start;
    grid-template-columns: 264px minmax(0, 760px);
  }
  @media (max-width: 900px) {
    .k-setup {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  .k-steps,
  .k-test {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .k-step {
    display: grid;
    gap: 4px;
    width: 100%;
    padding: 12px;
    border: 0;
    border-left: 3px solid transparent;
    background: transparent;
    color: var(--k-text);
    font: inherit;
    text-align: left;
    cursor: pointer;
  }
  .k-step:hover {
    background: var(--k-hover);
  }
  .k-step:focus-visible {
    outline: 2px solid var(--k-focus);
    outline-offset: -2px;
  }
  .k-step[aria-current] {
    border-left-color: var(--k-accent);
    background: var(--k-section);
  }
  .k-test {
    border: 1px solid var(--k-border);
    border-radius: 4px;
  }
  .k-test > li {
    padding: 8px 12px;
  }
  .k-test > li + li {
    border-top: 1px solid var(--k-border);
  }
  .k-page .k-test__about {
    margin: 4px 0 0 18px;
    overflow-wrap: anywhere;
  }
  .k-form {
    display: grid;
    gap: 4px;
    grid-template-columns: minmax(0, 1fr);
  }
  .k-limit-about {
    font-size: 12px;
    line-height: 16px;
  }
`;
