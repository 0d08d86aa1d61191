import { getUserTheme } from '@splunk/splunk-utils/themes';
import { createStaticURL } from '@splunk/splunk-utils/url';
import type { ComponentType } from 'react';
import { searchAhead } from '../splunkd/ahead.ts';
import { loadRun } from '../splunkd/search.ts';
import type { View } from './start.tsx';

/**
 * What every view's script does: everything that the page will need is asked for at once, side by side: Splunk's frame, the
 * page's own parts, the theme, and the rows that it shows first.
 * @param first the search of these rows, where it is known before the page is there
 */
export function open(
  view: View,
  page: () => Promise<{ readonly Page: ComponentType }>,
  first?: string,
): void {
  if (first === undefined) void loadRun().catch(() => undefined);
  else searchAhead(first);
  void Promise.all([import('./start.tsx'), page(), userTheme()]).then(([{ start }, { Page }, theme]) =>
    start(view, Page, theme),
  );
}

/** The user's theme. Splunk's bars come in a script by theme, which the frame asks for once it is there itself. */
async function userTheme(): Promise<string> {
  const theme = await getUserTheme();
  const bars = document.createElement('link');
  bars.rel = 'preload';
  bars.as = 'script';
  bars.href = createStaticURL(
    theme === 'dark' ? 'build/api/layout-dark.js' : 'build/api/layout.js',
  ) as string;
  document.head.append(bars);
  return theme;
}
