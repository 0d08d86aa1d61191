import Button from '@splunk/react-ui/Button';
import Link from '@splunk/react-ui/Link';
import Select from '@splunk/react-ui/Select';
import TabLayout from '@splunk/react-ui/TabLayout';
import { useCallback, useMemo, useState, type ReactElement } from 'react';
import { useUser } from '../../app/user.tsx';
import { VersionsChart } from '../../charts/versions-chart.tsx';
import {
  DataStates,
  FactStrip,
  MessageLine,
  PageHead,
  pageURL,
  RowMenu,
  SkeletonTable,
  StaleLine,
  StateMark,
  useAddress,
  type OpenMenu,
} from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { APP, keplerSearch, useRows } from '../../splunkd/index.ts';
import { useDeeds } from '../models/deeds.tsx';
import { healthWord, markOf, sharingWord } from '../models/health.ts';
import { applySearch, searchInApp } from '../models/links.ts';
import { metricWord } from '../models/metric-word.ts';
import type { ModelRow } from '../models/model-row.ts';
import { ActivityPanel } from './activity-panel.tsx';
import { chosenVersions, newest, toggled } from './chosen.ts';
import { ComparePanel } from './compare-panel.tsx';
import { directionsOf } from './directions.ts';
import { factsOf } from './facts.tsx';
import { ImportancePanel } from './importance-panel.tsx';
import { modelMenu, versionMenu } from './menus.ts';
import { QualityPanel } from './quality-panel.tsx';
import { ModelStyle } from './style.ts';
import { theModel } from './the-model.ts';
import { UsePanel } from './use-panel.tsx';
import { versionRow, type VersionRow } from './version-row.ts';

const tabs = ['compare', 'quality', 'importance', 'use', 'activity'] as const;
type Tab = (typeof tabs)[number];

/** One model: is the new version better, and may it be trusted. */
export function Page(): ReactElement {
  const [address, setAddress] = useAddress();
  const user = useUser()?.name;
  const { name = '', owner = '', app = '' } = address;
  const search = useCallback(
    (noun: string, version?: number, options: Readonly<Record<string, string>> = {}) =>
      keplerSearch(noun, version === undefined ? name : `${name}@${version}`, { ...options, owner, app }),
    [name, owner, app],
  );
  const models = useRows(name === '' ? null : search('models'), { refreshSeconds: 30 });
  const known = useRows(name === '' ? null : search('versions'), { refreshSeconds: 30 });
  const model = useMemo(
    () => theModel(models.rows, { name, owner, app }, user, APP),
    [models.rows, name, owner, app, user],
  );
  const versions = useMemo(
    () => known.rows.map(versionRow).sort((a, b) => a.version - b.version),
    [known.rows],
  );
  const [said, setSaid] = useState('');
  const [gone, setGone] = useState(false);
  const deeds = useDeeds(user, (sentence, deleted) => {
    setSaid(sentence);
    if (deleted) return setGone(true);
    models.reload();
    known.reload();
  });
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const best = newest(versions)[0];
  const challenger = best !== undefined && best !== model?.champion ? best : undefined;
  const missing = name === '' || (models.state === 'ready' && !model);
  return (
    <>
      <ModelStyle />
      <PageHead
        title={model?.name ?? name}
        crumbs={
          <>
            <Link to={pageURL('models')}>{t('Models')}</Link> / {model?.name ?? name}
          </>
        }
        {...(model &&
          !gone && {
            mark: <StateMark state={markOf[model.health]}>{healthWord(model.health)}</StateMark>,
            facts: [
              model.algorithm,
              t('owner {owner}', { owner: model.owner }),
              t('app {app}', { app: model.app }),
              sharingWord(model.sharing),
              models.updatedAt !== undefined && t('updated {time}', { time: format.clock(models.updatedAt) }),
            ],
            actions: (
              <>
                <Button
                  appearance={challenger !== undefined && model.mayWrite ? 'secondary' : 'primary'}
                  label={t('Open in Search')}
                  to={searchInApp(model, applySearch(model.reference))}
                />
                {challenger !== undefined && model.mayWrite && (
                  <Button
                    appearance="primary"
                    label={t('Promote v{version}…', { version: challenger })}
                    onClick={(event) =>
                      deeds.ask(
                        { kind: 'promote', version: challenger },
                        model,
                        event.currentTarget as HTMLElement,
                      )
                    }
                  />
                )}
                <Button
                  isMenu
                  label={t('More')}
                  aria-haspopup="menu"
                  onClick={(event) =>
                    setMenu(modelMenu(model, event.currentTarget as HTMLElement, deeds.ask))
                  }
                />
              </>
            ),
          })}
      />
      {said && (
        <div className="k-lines">
          <MessageLine
            type="success"
            title={said}
            {...(gone
              ? {
                  actions: (
                    <Button appearance="secondary" label={t('Back to the models')} to={pageURL('models')} />
                  ),
                }
              : { onClose: () => setSaid('') })}
          />
        </div>
      )}
      {!gone && missing && <NoSuchModel name={name} />}
      {!gone && !missing && (
        <DataStates
          data={models}
          loading={<SkeletonTable rows={8} columns={4} />}
          failedTitle={t('The model could not be read.')}
          failedActions={
            <Button appearance="secondary" label={t('Open Runtimes')} to={pageURL('runtimes')} />
          }
        >
          {model && (
            <>
              <Reason model={model} />
              <FactStrip facts={factsOf(model, versions, challenger)} />
              <DataStates
                data={known}
                loading={<SkeletonTable rows={8} columns={4} />}
                failedTitle={t('The versions could not be read.')}
              >
                <Body
                  model={model}
                  versions={versions}
                  address={address}
                  setAddress={setAddress}
                  search={search}
                  onMenu={(version, anchor) => setMenu(versionMenu(model, version, anchor, deeds.ask))}
                />
              </DataStates>
            </>
          )}
        </DataStates>
      )}
      <RowMenu menu={menu} onClose={() => setMenu(null)} />
      {deeds.dialog}
    </>
  );
}

/** What is wrong with the model, in words, before everything else. */
function Reason({ model }: { readonly model: ModelRow }): ReactElement | null {
  if (model.health !== 'failed' && model.health !== 'attention') return null;
  return (
    <div className="k-lines">
      <MessageLine type={model.health === 'failed' ? 'error' : 'warning'} title={healthWord(model.health)}>
        {model.healthReason}
      </MessageLine>
    </div>
  );
}

function NoSuchModel({ name }: { readonly name: string }): ReactElement {
  return (
    <MessageLine
      type="warning"
      title={
        name === ''
          ? t('The address names no model.')
          : t('There is no model “{name}” that you may see.', { name })
      }
      actions={<Button appearance="secondary" label={t('Back to the models')} to={pageURL('models')} />}
    >
      {name === ''
        ? t('Choose one on the Models page.')
        : t('It was deleted or renamed, or it belongs to somebody who has not shared it.')}
    </MessageLine>
  );
}

interface BodyProps {
  readonly model: ModelRow;
  readonly versions: readonly VersionRow[];
  readonly address: Readonly<Record<string, string>>;
  readonly setAddress: (changes: Readonly<Record<string, string>>, replace?: boolean) => void;
  readonly search: (noun: string, version?: number, options?: Readonly<Record<string, string>>) => string;
  readonly onMenu: (version: VersionRow, anchor: HTMLElement) => void;
}

function Body({ model, versions, address, setAddress, search, onMenu }: BodyProps): ReactElement {
  const chosen = useMemo(
    () => chosenVersions(address.versions, versions, model.champion),
    [address.versions, versions, model.champion],
  );
  const choose = (next: readonly number[]): void => setAddress({ versions: next.join(',') });
  const metrics = useRows(search('metrics'));
  const directions = useMemo(() => directionsOf(metrics.rows, versions), [metrics.rows, versions]);
  const said = address.tab as Tab;
  const tab = tabs.includes(said) ? said : 'compare';
  const usable = newest(versions);
  const looked =
    pick(versions, Number(address.v)) ?? pick(versions, model.champion) ?? pick(versions, usable[0]);
  const against =
    address.against === 'none'
      ? undefined
      : (pick(versions, Number(address.against)) ??
        pick(
          versions,
          usable.find((version) => version !== looked?.version),
        ));
  const main = versions.findLast((version) => version.metric !== '');
  const whole = versions.filter((version) => !version.damaged);
  const at = (panel: (version: VersionRow) => ReactElement): ReactElement =>
    looked ? panel(looked) : <p>{t('No version can be used: {reason}', { reason: model.healthReason })}</p>;
  const ofVersion = (withAgainst: boolean): ReactElement => (
    <div className="k-controls">
      <Select
        value={looked?.version}
        prefixLabel={t('Version')}
        filter={whole.length > 8}
        onChange={(_event, { value }) => setAddress({ v: String(value) })}
      >
        {versionOptions(whole)}
      </Select>
      {withAgainst && whole.length > 1 && (
        <Select
          value={against && against.version !== looked?.version ? against.version : 'none'}
          prefixLabel={t('Beside')}
          filter={whole.length > 8}
          onChange={(_event, { value }) => setAddress({ against: String(value) })}
        >
          <Select.Option value="none" label={t('none')} />
          {versionOptions(whole.filter((version) => version !== looked))}
        </Select>
      )}
    </div>
  );
  return (
    <div className="k-tabs">
      <StaleLine data={metrics} />
      {main && (
        <VersionsChart
          metric={metricWord(main.metric)}
          better={main.metricBetter}
          versions={versions.map((version) => ({
            version: version.version,
            value: version.damaged ? undefined : version.metricValue,
            failed: version.damaged,
            words: version.aliases,
            time: version.created,
          }))}
          champion={model.champion}
          chosen={chosen}
          onChoose={(version) => choose(toggled(chosen, version))}
        />
      )}
      <div className="k-tabs">
        <TabLayout
          activePanelId={tab}
          onChange={(_event, { activePanelId }) =>
            setAddress({ tab: activePanelId === 'compare' ? '' : (activePanelId ?? '') })
          }
        >
          <TabLayout.Panel label={t('Compare versions')} panelId="compare" inset={false}>
            <ComparePanel
              versions={versions}
              chosen={chosen}
              directions={directions}
              differencesOnly={address.differences === '1'}
              onChosen={choose}
              onDifferencesOnly={(only) => setAddress({ differences: only ? '1' : '' }, true)}
              onMenu={onMenu}
            />
          </TabLayout.Panel>
          <TabLayout.Panel label={t('Quality')} panelId="quality" inset={false}>
            <div className="k-panel-body">
              {ofVersion(true)}
              {at((version) => (
                <QualityPanel
                  version={version}
                  against={against === version ? undefined : against}
                  search={search}
                />
              ))}
            </div>
          </TabLayout.Panel>
          <TabLayout.Panel label={t('Importance')} panelId="importance" inset={false}>
            <div className="k-panel-body">
              {ofVersion(false)}
              {at((version) => (
                <ImportancePanel version={version} against={undefined} search={search} />
              ))}
            </div>
          </TabLayout.Panel>
          <TabLayout.Panel label={t('Use it')} panelId="use" inset={false}>
            <div className="k-panel-body">
              {ofVersion(false)}
              {at((version) => (
                <UsePanel model={model} version={version} search={search} />
              ))}
            </div>
          </TabLayout.Panel>
          <TabLayout.Panel label={t('Activity')} panelId="activity" inset={false}>
            <div className="k-panel-body">
              <ActivityPanel search={search} />
            </div>
          </TabLayout.Panel>
        </TabLayout>
      </div>
    </div>
  );
}

const pick = (versions: readonly VersionRow[], version: number | undefined): VersionRow | undefined =>
  versions.find((one) => one.version === version && !one.damaged);

const versionOptions = (versions: readonly VersionRow[]): ReactElement[] =>
  [...versions]
    .reverse()
    .map((version) => (
      <Select.Option
        key={version.version}
        value={version.version}
        label={`v${version.version}`}
        description={version.aliases.join(', ')}
      />
    ));
