import type { ReactElement } from 'react';
import type { RunResult } from '../../container/contract/workbench.ts';
import { format, t } from '../i18n/index.ts';
import { Nothing } from './rows-tab.tsx';
import { stageWord } from './words.ts';

/** Milliseconds of each part: the template's own functions, and what stands around them. */
export function TimingTab({ result }: { readonly result: RunResult | undefined }): ReactElement {
  if (!result || result.timing.length === 0) return <Nothing />;
  const most = Math.max(1, ...result.timing.map(({ ms }) => ms));
  return (
    <div className="k-scroll w-table" tabIndex={0} role="region" aria-label={t('Timing')}>
      <table className="k-table w-timing">
        <thead>
          <tr>
            <th scope="col">{t('Part')}</th>
            <th scope="col" className="k-end">
              {t('Milliseconds')}
            </th>
            <th scope="col">
              <span className="k-hidden">{t('Share of the longest')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {result.timing.map(({ stage, ms }) => (
            <tr key={stage}>
              <td>{stageWord(stage)}</td>
              <td className="k-end">{format.number(ms, 1)}</td>
              <td aria-hidden="true">
                <span className="w-bar" style={{ width: `${(100 * ms) / most}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
