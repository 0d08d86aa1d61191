/** What the pages use of @splunk/react-page, which ships no types. */
declare module '@splunk/react-page/18' {
  import type { ReactElement } from 'react';
  export default function layout(
    page: ReactElement,
    options?: {
      pageTitle?: string;
      theme?: string;
      themeDensity?: 'compact' | 'comfortable';
      hideFooter?: boolean;
      layout?: 'scrolling' | 'fixed';
    },
  ): void;
}
