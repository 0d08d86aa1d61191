import type { State } from '../../components/index.ts';
import { count, format, t } from '../../i18n/index.ts';
import { cells, keplerSearch, useRows, type Row } from '../../splunkd/index.ts';
import { runtimeOf, stateOf, type Runtime } from '../runtimes/runtime.ts';

/** The runtime that searches use. */
export const MAIN = 'main';

export const STEPS = ['runtime', 'telemetry', 'limits', 'first'] as const;
export type Step = (typeof STEPS)[number];

export interface StepStatus {
  readonly state: State;
  readonly word: string;
}

export interface SetupStatus {
  readonly steps: Readonly<Record<Step, StepStatus>>;
  /** The runtime that searches use, where it answers. */
  readonly runtime: Runtime | undefined;
  readonly connected: boolean;
  /** The names of all runtimes that answer. */
  readonly running: readonly string[];
  /** Whether it is known yet. */
  readonly known: boolean;
  /** The settings, as `| kepler settings` tells them. */
  readonly settings: readonly Row[];
  readonly reload: () => void;
}

/** Of `| kepler settings` the row of one setting. */
export const settingOf = (settings: readonly Row[], name: string): Row | undefined =>
  settings.find((row) => cells.text(row.setting) === name);

/** Limits are the settings that are numbers. */
export function limitsOf(settings: readonly Row[]): Row[] {
  return settings.filter((row) => /^\d+$/.test(cells.text(row.default)) && cells.text(row.setting) !== '');
}

function telemetryStatus(settings: readonly Row[], tested: number | undefined): StepStatus {
  if (tested !== undefined) {
    return { state: 'ok', word: t('Connected, {time}', { time: format.milliseconds(tested) }) };
  }
  const url = cells.text(settingOf(settings, 'hec.url')?.value);
  return url === '' || cells.text(settingOf(settings, 'hec.token')?.value) === 'not set'
    ? { state: 'idle', word: t('Not set up (optional)') }
    : { state: 'idle', word: t('Stored, not tested') };
}

function limitsStatus(settings: readonly Row[]): StepStatus {
  const changed = limitsOf(settings).filter(
    (row) => cells.text(row.value) !== cells.text(row.default),
  ).length;
  if (settings.length === 0) return { state: 'idle', word: t('Not read yet') };
  if (changed === 0) return { state: 'ok', word: t('Defaults') };
  return { state: 'ok', word: t('{n} changed', { n: format.number(changed) }) };
}

function firstStatus(connected: boolean, models: readonly Row[] | undefined): StepStatus {
  if (!connected) return { state: 'idle', word: t('Waits for step 1') };
  if (!models) return { state: 'idle', word: t('Not read yet') };
  if (models.length === 0) return { state: 'idle', word: t('No model yet') };
  const n = format.number(models.length);
  return { state: 'ok', word: count(models.length, '{n} model', '{n} models', { n }) };
}

/** How far the setup is, read from what is there. `hecTested` are the milliseconds of a HEC test that passed just now. */
export function useStatus(hecTested: number | undefined): SetupStatus {
  const runtimes = useRows(keplerSearch('runtimes'), { refreshSeconds: 15 });
  const all = runtimes.rows.map(runtimeOf);
  const main = all.find(({ name }) => name === MAIN);
  const connected = main?.state === 'running';
  const settings = useRows(keplerSearch('settings'));
  // The runtime's to answer: without one it would only fail.
  const models = useRows(connected ? keplerSearch('models') : null);
  const loading = runtimes.state === 'loading';
  const runtime: StepStatus = loading
    ? { state: 'idle', word: t('Not read yet') }
    : main
      ? stateOf(main)
      : { state: 'failed', word: t('Not connected') };
  return {
    steps: {
      runtime: main?.state === 'not connected' ? { ...runtime, state: 'failed' } : runtime,
      telemetry: telemetryStatus(settings.rows, hecTested),
      limits: limitsStatus(settings.rows),
      first: firstStatus(connected, models.state === 'ready' ? models.rows : undefined),
    },
    runtime: connected ? main : undefined,
    connected,
    running: all.filter(({ state }) => state === 'running').map(({ name }) => name),
    known: !loading,
    settings: settings.rows,
    reload: () => {
      runtimes.reload();
      settings.reload();
      models.reload();
    },
  };
}
