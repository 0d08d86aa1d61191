import SplunkThemeProvider from '@splunk/themes/SplunkThemeProvider';
import { AnimationToggleProvider } from '@splunk/react-ui/AnimationToggle';
import type { ReactElement } from 'react';
import { ErrorBoundary } from '../app/error-boundary.tsx';
import { GlobalStyle } from '../theme/global-style.ts';
import { App } from './app.tsx';
import { WorkbenchStyle } from './style.ts';
import { useScheme } from './theme.ts';

/** The theme around the page: the same as in Splunk, light or dark. */
export function Frame(): ReactElement {
  const [scheme, toggle] = useScheme();
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  return (
    <SplunkThemeProvider family="enterprise" colorScheme={scheme} density="compact">
      <GlobalStyle />
      <WorkbenchStyle />
      <ErrorBoundary>
        <AnimationToggleProvider enabled={!still}>
          <App scheme={scheme} onScheme={toggle} />
        </AnimationToggleProvider>
      </ErrorBoundary>
    </SplunkThemeProvider>
  );
}
