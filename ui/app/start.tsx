import { AnimationToggleProvider } from '@splunk/react-ui/AnimationToggle';
import layout from '@splunk/react-page/18';
import type { ComponentType } from 'react';
import { loadLanguage, t } from '../i18n/index.ts';
import { GlobalStyle } from '../theme/global-style.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { UserProvider } from './user.tsx';

/** The views that have pages; `default/data/ui/views/<name>.xml` names each for Splunk. */
export type View = 'models' | 'model' | 'runtimes' | 'setup' | 'workbench';

const titleOf = (view: View): string =>
  ({
    models: t('Models'),
    model: t('Model'),
    runtimes: t('Runtimes'),
    setup: t('Setup'),
    workbench: t('Workbench'),
  })[view];

/** Puts a page into Splunk's frame, in the user's theme and language. */
export async function start(view: View, Page: ComponentType, theme: string): Promise<void> {
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  await loadLanguage();
  layout(
    <>
      <GlobalStyle />
      <ErrorBoundary>
        <AnimationToggleProvider enabled={!still}>
          <UserProvider>
            <main className="k-page" data-view={view}>
              <Page />
            </main>
          </UserProvider>
        </AnimationToggleProvider>
      </ErrorBoundary>
    </>,
    { pageTitle: `${titleOf(view)} | Kepler`, theme, themeDensity: 'compact', hideFooter: true },
  );
}
