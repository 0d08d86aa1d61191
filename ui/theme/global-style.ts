import { createGlobalStyle } from 'styled-components';
import { components } from '../components/styles.ts';
import { base } from './base.ts';
import { properties } from './properties.ts';

/** One style sheet for the whole document; a page adds its own beside it. */
export const GlobalStyle = createGlobalStyle`
  ${properties}
  ${base}
  ${components}
`;
