import Button from '@splunk/react-ui/Button';
import Cross from '@splunk/react-icons/Cross';
import Select from '@splunk/react-ui/Select';
import Switch from '@splunk/react-ui/Switch';
import type { ReactElement } from 'react';
import { MenuButton } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import { mostCompared } from './chosen.ts';
import { comparison, onlyDifferences, type Directions } from './compare.ts';
import type { VersionRow } from './version-row.ts';

export interface ComparePanelProps {
  readonly versions: readonly VersionRow[];
  readonly chosen: readonly number[];
  readonly directions: Directions;
  readonly differencesOnly: boolean;
  readonly onChosen: (chosen: readonly number[]) => void;
  readonly onDifferencesOnly: (only: boolean) => void;
  readonly onMenu: (version: VersionRow, anchor: HTMLElement) => void;
}

/** Versions as columns: what they reached, with which parameters, on which data, from where. */
export function ComparePanel(props: ComparePanelProps): ReactElement {
  const { versions, chosen, differencesOnly, onChosen } = props;
  const shown = chosen.flatMap((number) => versions.filter((version) => version.version === number));
  const groups = comparison(shown, props.directions);
  const lines = differencesOnly ? onlyDifferences(groups) : groups.filter((group) => group.lines.length > 0);
  const others = versions.filter((version) => !chosen.includes(version.version));
  return (
    <div className="k-panel-body">
      <div className="k-controls">
        <span>{t('Comparing')}</span>
        {chosen.map((version) => (
          <Button
            key={version}
            appearance="secondary"
            label={`v${version}`}
            icon={<Cross />}
            aria-label={t('v{version}: take out of the comparison', { version })}
            disabled={chosen.length === 1 ? 'dimmed' : false}
            onClick={() => chosen.length > 1 && onChosen(chosen.filter((one) => one !== version))}
          />
        ))}
        {others.length > 0 && chosen.length < mostCompared && (
          <Select
            value=""
            placeholder={t('Add a version')}
            aria-label={t('Add a version')}
            filter={others.length > 8}
            onChange={(_event, { value }) => onChosen([...chosen, Number(value)].sort((a, b) => a - b))}
          >
            {others.map(({ version, aliases, damaged }) => (
              <Select.Option
                key={version}
                value={version}
                label={`v${version}`}
                description={damaged ? t('Damaged') : aliases.join(', ')}
              />
            ))}
          </Select>
        )}
        <div className="k-controls__end">
          <Switch
            appearance="toggle"
            selected={differencesOnly}
            onClick={() => props.onDifferencesOnly(!differencesOnly)}
          >
            {t('Only differences')}
          </Switch>
        </div>
      </div>
      <div
        className="k-table-frame k-compare k-scroll"
        tabIndex={0}
        role="region"
        aria-label={t('Versions side by side')}
      >
        <table className="k-table">
          <colgroup>
            <col className="k-compare__label" />
            {shown.map(({ version }) => (
              <col key={version} className="k-compare__version" />
            ))}
            <col />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">
                <span className="k-hidden">{t('What')}</span>
              </th>
              {shown.map((version) => (
                <th key={version.version} scope="col">
                  <div>
                    <span className="k-clip">
                      v{version.version}
                      {version.aliases.length > 0 && ` · ${version.aliases.join(', ')}`}
                      {version.damaged && ` · ${t('Damaged')}`}
                    </span>
                    <MenuButton
                      label={t('Actions for v{version}', { version: version.version })}
                      open={(anchor) => props.onMenu(version, anchor)}
                    />
                  </div>
                </th>
              ))}
              <td aria-hidden="true" />
            </tr>
          </thead>
          {lines.map((group) => (
            <tbody key={group.label}>
              <tr>
                <th className="k-group" colSpan={shown.length + 2} scope="rowgroup">
                  {group.label}
                </th>
              </tr>
              {group.lines.map((line) => (
                <tr key={line.label}>
                  <th scope="row">{line.label}</th>
                  {line.cells.map((cell, index) => (
                    <td
                      key={shown[index].version}
                      className={`k-end${cell.length > 28 ? ' k-long' : ''}`}
                      data-changed={line.changed[index] && group.label !== groups[0].label}
                      title={line.titles?.[index]}
                    >
                      {line.best[index] ? (
                        <span className="k-strong">
                          {cell} <span aria-hidden="true">★</span>
                          <span className="k-hidden">{t('best')}</span>
                        </span>
                      ) : (
                        cell
                      )}
                    </td>
                  ))}
                  <td aria-hidden="true" />
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {lines.length === 0 && (
        <p role="status">
          {shown.length < 2
            ? t('Choose a second version to compare with.')
            : t('These versions do not differ.')}
        </p>
      )}
    </div>
  );
}
