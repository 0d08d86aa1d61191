import type { ReactElement } from 'react';
import Link from '@splunk/react-ui/Link';
import { CopyButton, pageURL, SearchLink } from '../../components/index.ts';
import { parts, t } from '../../i18n/index.ts';
import { firstModelSearch } from './example.ts';

/** No model yet: what a model is made by, as a search that one click opens and runs. */
export function NoModels(): ReactElement {
  return (
    <div className="k-panel k-empty">
      <h2>{t('No models yet')}</h2>
      <p>
        {parts(
          'A model is made by a search that ends in {fit}. This one trains a classifier on sample data that come with Kepler; it takes about two seconds.',
          { fit: <code key="fit">fit</code> },
        )}
      </p>
      <pre className="k-code" tabIndex={0} aria-label={t('Search')}>
        {firstModelSearch}
      </pre>
      <div className="k-row">
        <SearchLink spl={firstModelSearch} label={t('Open in Search and run')} appearance="primary" />
        <CopyButton text={firstModelSearch} label={t('Copy the search')} />
      </div>
      <p>
        {parts('No runtime connected? {setup} connects one. What runs is shown in {runtimes}.', {
          setup: (
            <Link key="setup" to={pageURL('setup')}>
              {t('Setup')}
            </Link>
          ),
          runtimes: (
            <Link key="runtimes" to={pageURL('runtimes')}>
              {t('Runtimes')}
            </Link>
          ),
        })}
      </p>
    </div>
  );
}
