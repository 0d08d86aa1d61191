import type { ReactElement } from 'react';
import type { RunResult } from '../../container/contract/workbench.ts';
import { format, t } from '../i18n/index.ts';
import { Nothing } from './rows-tab.tsx';

/** The figures that a fit would keep. */
export function MetricsTab({ result }: { readonly result: RunResult | undefined }): ReactElement {
  const metrics = Object.entries(result?.metrics ?? {});
  if (!result || metrics.length === 0) return <Nothing />;
  return (
    <>
      <p className="w-note">
        {result.measuredOn === 'holdout'
          ? t('Measured on rows that were held out of training.')
          : t('Measured on the rows that were trained on.')}
      </p>
      <dl className="k-facts">
        {metrics.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{format.number(value, 6)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
