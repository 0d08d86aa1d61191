import Button from '@splunk/react-ui/Button';
import { useEffect, useMemo, useState } from 'react';
import { useMay } from '../../app/user.tsx';
import {
  DataStates,
  FailureMessage,
  MessageLine,
  PageHead,
  pageURL,
  RowMenu,
  SkeletonTable,
  useAddress,
  type MenuEntry,
  type OpenMenu,
} from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { keplerSearch, useRows } from '../../splunkd/index.ts';
import { Detail } from './detail.tsx';
import { isUp, runtimeOf, worstFirst, type Runtime } from './runtime.ts';
import { RuntimeTable } from './runtime-table.tsx';
import { StartDialog } from './start-dialog.tsx';
import { StopDialog } from './stop-dialog.tsx';
import { PageStyle } from './style.ts';
import { summaryOf } from './summary.ts';
import { useDeeds, type Deeds } from './use-deeds.ts';

/** What runs, what broke, what to do. The one that failed is selected first; the address keeps another choice. */
export function Page() {
  const [hurry, setHurry] = useState(false);
  const data = useRows(keplerSearch('runtimes'), { refreshSeconds: hurry ? 3 : 10 });
  const runtimes = useMemo(() => worstFirst(data.rows.map(runtimeOf)), [data.rows]);
  const [address, setAddress] = useAddress();
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const mayAdd = useMay('edit_kepler_runtimes') === true;
  const deeds = useDeeds(data.reload);
  const selected = runtimes.find(({ name }) => name === address.name) ?? runtimes.at(0);
  const starting = runtimes.some(({ state }) => state === 'starting');
  useEffect(() => setHurry(starting), [starting]);

  const startWith = (runtime: Runtime, memoryGb: number | undefined): void =>
    deeds.ask({ what: 'start', runtime, memoryGb });
  return (
    <>
      <PageStyle />
      <PageHead
        title={t('Runtimes')}
        facts={[
          data.updatedAt !== undefined && summaryOf(runtimes),
          data.updatedAt !== undefined && t('updated {time}', { time: format.clock(data.updatedAt) }),
        ]}
        actions={
          mayAdd &&
          runtimes.length > 0 && (
            <Button
              appearance="primary"
              label={t('Add a runtime')}
              onClick={() => deeds.ask({ what: 'start', runtime: null, memoryGb: undefined })}
            />
          )
        }
      />
      <Lines deeds={deeds} />
      <DataStates
        data={data}
        loading={<SkeletonTable rows={4} columns={9} />}
        empty={<Empty mayAdd={mayAdd} />}
        failedTitle={t('The runtimes could not be read.')}
      >
        <div className="k-stack">
          <RuntimeTable
            runtimes={runtimes}
            selected={selected?.name}
            pending={deeds.pending}
            onSelect={(name) => setAddress({ name, tab: '' })}
            onStart={(runtime) => deeds.act('start', runtime)}
            onStop={(runtime) => deeds.act('stop', runtime)}
            onMenu={(runtime, anchor) => setMenu({ anchor, entries: entriesOf(runtime, deeds, startWith) })}
          />
          {selected && (
            <Detail
              key={selected.name}
              runtime={selected}
              busy={deeds.pending.has(selected.name)}
              onStart={(runtime) => deeds.act('start', runtime)}
              onStartWith={startWith}
              onDone={deeds.done}
            />
          )}
        </div>
      </DataStates>
      <RowMenu menu={menu} onClose={() => setMenu(null)} />
      <Dialogs deeds={deeds} runtimes={runtimes} />
    </>
  );
}

/** What was done and what failed, until closed. */
function Lines({ deeds }: { deeds: Deeds }) {
  if (deeds.said.length === 0 && !deeds.failure) return null;
  return (
    <div className="k-lines">
      {deeds.failure && (
        <FailureMessage
          error={deeds.failure.error}
          title={deeds.failure.title}
          onClose={deeds.clearFailure}
        />
      )}
      {deeds.said.map((said) => (
        <MessageLine key={said} type="success" title={said} onClose={() => deeds.dismiss(said)} />
      ))}
    </div>
  );
}

function Dialogs({ deeds, runtimes }: { deeds: Deeds; runtimes: readonly Runtime[] }) {
  const { asking } = deeds;
  const close = (): void => deeds.ask(null);
  if (asking?.what === 'stop') {
    return (
      <StopDialog
        runtime={asking.runtime}
        verb={asking.verb}
        deed={deeds.deed}
        onConfirm={deeds.confirm}
        onClose={close}
      />
    );
  }
  if (asking?.what !== 'start') return null;
  return (
    <StartDialog
      runtime={asking.runtime}
      taken={runtimes.map(({ name }) => name)}
      memoryGb={asking.memoryGb}
      onClose={close}
      onDone={deeds.done}
    />
  );
}

function entriesOf(
  runtime: Runtime,
  deeds: Deeds,
  startWith: (runtime: Runtime, memoryGb: number | undefined) => void,
): MenuEntry[] {
  if (!runtime.ofEngine) return [{ label: t('Connect it anew in Setup'), to: pageURL('setup') }];
  const jobs = (runtime.runningJobs ?? 0) + (runtime.queuedJobs ?? 0);
  const up = isUp(runtime);
  return [
    up
      ? {
          label: jobs > 0 ? t('Restart…') : t('Restart'),
          onSelect: () => deeds.act('restart', runtime),
        }
      : { label: t('Start'), onSelect: () => deeds.act('start', runtime) },
    { label: t('Change the limits…'), onSelect: () => startWith(runtime, undefined) },
    { label: t('Remove…'), onSelect: () => deeds.act('remove', runtime), divided: true },
  ];
}

function Empty({ mayAdd }: { mayAdd: boolean }) {
  return (
    <div className="k-panel k-empty">
      <h2>{t('No runtime yet')}</h2>
      <p>
        {mayAdd
          ? t(
              'A runtime trains and applies models. Setup starts one here or connects one that runs elsewhere.',
            )
          : t('A runtime trains and applies models. An administrator connects one in Setup.')}
      </p>
      {mayAdd && (
        <div className="k-row">
          <Button appearance="primary" label={t('Open Setup')} to={pageURL('setup')} />
        </div>
      )}
    </div>
  );
}
