import Button from '@splunk/react-ui/Button';
import { useCallback, useEffect, useMemo, useState, type ReactElement } from 'react';
import type { DataEntry, Problem, WorkbenchMe } from '../../container/contract/workbench.ts';
import { t } from '../i18n/index.ts';
import { api, type ApiFailure } from './api.ts';
import { Editor } from './editor.tsx';
import {
  HOLDOUT,
  chooseData,
  featuresOf,
  formFor,
  predicts,
  searchOf,
  type FormState,
} from './form-state.ts';
import { HistoryDialog } from './history-dialog.tsx';
import { isSpanish, switchLanguage } from './language.ts';
import { Lines, type Published } from './lines.tsx';
import { NewDialog } from './new-dialog.tsx';
import { Results, type Tab } from './results.tsx';
import { RunForm } from './run-form.tsx';
import { TemplateList, useTemplates } from './templates.tsx';
import type { Scheme } from './theme.ts';
import { useDescribed } from './use-described.ts';
import { useRun } from './use-run.ts';
import { useCheck, useSource } from './use-source.ts';

/** The template that the address names: `#Name`. */
function useChosen(): readonly [string, (name: string) => void] {
  const read = (): string => decodeURIComponent(location.hash.slice(1));
  const [name, setName] = useState(read);
  useEffect(() => {
    const changed = (): void => setName(read());
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return [name, (next) => void (location.hash = encodeURIComponent(next))];
}

const NONE: readonly Problem[] = [];

/** The workbench: the templates at the left, the source and what its runs show in the middle, with what it is run at the right. */
export function App({
  scheme,
  onScheme,
}: {
  readonly scheme: Scheme;
  readonly onScheme: () => void;
}): ReactElement {
  const [me, setMe] = useState<WorkbenchMe>();
  const [data, setData] = useState<readonly DataEntry[]>([]);
  const [dataFailure, setDataFailure] = useState<ApiFailure>();
  const [chosen, setChosen] = useChosen();
  const [dialog, setDialog] = useState<'new' | 'history'>();
  const [tab, setTab] = useState<Tab>('rows');
  const [goTo, setGoTo] = useState<{ readonly line: number }>();
  const [found, setFound] = useState<readonly Problem[]>(NONE);
  const [publishing, setPublishing] = useState(false);
  const [publishFailure, setPublishFailure] = useState<ApiFailure>();
  const [published, setPublished] = useState<Published>();
  const templates = useTemplates();
  const entry = templates.entries?.find(({ name }) => name === chosen) ?? templates.entries?.[0];
  const file = entry?.file;
  const name = entry?.name ?? '';
  const door = useSource(file);
  const { source, dirty } = door;
  const text = source?.file === file ? source?.text : undefined;
  const described = useDescribed(file, text);
  const run = useRun(file);
  const check = useCheck(file ?? '');

  const loadData = useCallback(() => {
    setDataFailure(undefined);
    api.data().then(setData, setDataFailure);
  }, []);
  useEffect(() => {
    api.me().then(setMe, () => undefined); // The list of templates says what is wrong.
    loadData();
  }, [loadData]);

  const [form, setForm] = useState<FormState>();
  const kind = described?.kind ?? entry?.kind;
  const begins = useMemo(() => {
    const id = chooseData(data, name);
    return formFor(
      data.find((one) => one.id === id),
      kind,
    );
  }, [data, name, kind]);
  // Another template, or another kind of it, begins anew.
  useEffect(() => setForm(undefined), [name, kind]);
  const current = form ?? begins;
  const dataEntry = data.find(({ id }) => id === current.data);

  useEffect(() => {
    setFound(NONE);
    setPublishFailure(undefined);
    setPublished(undefined);
  }, [file]);
  const [last] = run.results;
  useEffect(() => {
    if (last?.failure?.line === undefined) return;
    setFound([{ severity: 'error', message: last.failure.message, line: last.failure.line }]);
    setGoTo({ line: last.failure.line });
  }, [last]);

  const request = {
    data: current.data,
    ...(predicts(kind) && current.target !== '' && { target: current.target }),
    features: featuresOf(current, dataEntry),
    options: current.options,
    ...(current.holdout && kind !== 'transformer' && { holdout: HOLDOUT }),
  };
  const start = (): void => {
    if (file === undefined || text === undefined || run.running) return;
    setFound(NONE);
    run.start({ file, text, ...request });
  };
  const save = (): void => {
    void door.save().then((saved) => saved && templates.reload());
  };
  const publish = (): void => {
    if (!source || publishing) return;
    const { file: of, text: what, etag } = source;
    setPublishing(true);
    setPublishFailure(undefined);
    setPublished(undefined);
    api.publish({ file: of, text: what, etag, ...request }).then(
      ({ etag: saved, ...reply }) => {
        setPublishing(false);
        door.stored(what, saved);
        setPublished({ ...reply, search: searchOf(reply.name, current, dataEntry) });
        templates.reload();
      },
      (error: ApiFailure) => {
        setPublishing(false);
        setPublishFailure(error);
        setFound(error.problems);
        const [first] = error.problems;
        if (first?.line !== undefined) setGoTo({ line: first.line });
      },
    );
  };
  const select = (next: string): void => {
    setChosen(next);
    setGoTo(undefined);
  };
  const busy = run.running !== undefined;

  return (
    <div className="k-page w-page">
      <div className="w-head">
        <h1>{t('Workbench')}</h1>
        <span className="w-user">
          {me && t('{user} · Kepler {version}', { user: me.user, version: me.version })}
        </span>
        <Button appearance="subtle" label={isSpanish() ? 'English' : 'Español'} onClick={switchLanguage} />
        <Button
          appearance="subtle"
          label={scheme === 'dark' ? t('Light theme') : t('Dark theme')}
          onClick={onScheme}
        />
        <Button
          appearance="subtle"
          label={t('Leave')}
          onClick={() => void api.leave().finally(() => location.reload())}
        />
      </div>
      <TemplateList
        entries={templates.entries ?? []}
        selected={entry?.name}
        dirty={dirty}
        onSelect={select}
        onNew={() => setDialog('new')}
      />
      <main className="w-main">
        <div className="w-bar-row">
          <h2 className="k-clip">{file ?? name}</h2>
          <span role="status" className="w-saved">
            {source && (dirty ? t('Not saved') : t('Saved'))}
          </span>
          <Button
            appearance="subtle"
            label={t('Versions')}
            disabled={source ? false : 'dimmed'}
            onClick={() => source && setDialog('history')}
          />
          <Button
            appearance="secondary"
            label={t('Save')}
            disabled={dirty ? false : 'dimmed'}
            onClick={() => dirty && save()}
          />
          {busy ? (
            <Button appearance="destructive" label={t('Stop')} onClick={run.stop} />
          ) : (
            <Button
              appearance="secondary"
              label={t('Run')}
              disabled={source && data.length > 0 ? false : 'dimmed'}
              onClick={start}
            />
          )}
          <Button
            appearance="primary"
            label={publishing ? t('Publishing') : t('Publish')}
            disabled={source && !publishing && !busy ? false : 'dimmed'}
            onClick={() => !busy && publish()}
          />
        </div>
        <div className="w-lines">
          <Lines
            door={door}
            failures={[templates.failure, run.failure, publishFailure, dataFailure]}
            notServed={entry?.error}
            published={published}
            onDismiss={() => setPublished(undefined)}
          />
        </div>
        <div className="w-source">
          {source && file !== undefined ? (
            <Editor
              file={source.file}
              text={source.text}
              revision={source.revision}
              found={found}
              check={check}
              goTo={goTo}
              onChange={(next) => {
                setFound(NONE);
                door.change(next);
              }}
              onSave={save}
              onRun={start}
            />
          ) : (
            <p className="w-hint">{hintOf(templates.entries, entry?.file)}</p>
          )}
        </div>
        <section className="w-results" aria-label={t('Results')}>
          <Results door={run} tab={tab} onTab={setTab} />
        </section>
      </main>
      <aside className="w-side" aria-label={t('What it is run on')}>
        <RunForm data={data} described={described} form={current} onChange={setForm} onReload={loadData} />
      </aside>
      {dialog === 'new' && (
        <NewDialog
          onClose={() => setDialog(undefined)}
          onMade={({ file: made }) => {
            setDialog(undefined);
            templates.reload();
            select(made.replace(/\.\w+$/, ''));
          }}
        />
      )}
      {dialog === 'history' && source && (
        <HistoryDialog
          name={name}
          text={source.text}
          onClose={() => setDialog(undefined)}
          onTake={(old) => {
            setDialog(undefined);
            door.replace(old);
          }}
        />
      )}
    </div>
  );
}

function hintOf(entries: readonly unknown[] | undefined, file: string | undefined): string {
  if (!entries) return t('Loading');
  if (entries.length === 0) return t('Begin with New…: it makes a template that works, to be changed.');
  return file === undefined
    ? t('The file of this template is not in the folder any more; its versions are served on.')
    : t('Loading');
}
