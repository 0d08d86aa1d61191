import type { ReactElement } from 'react';
import type { RunResult } from '../../container/contract/workbench.ts';
import { format, t } from '../i18n/index.ts';
import { stageWord } from './words.ts';

interface Line {
  readonly name: string;
  readonly before: string;
  readonly now: string;
  readonly change: string;
}

/** The last run beside the one before it: figures, times, and with what they were made. */
export function CompareTab({
  last,
  before,
}: {
  readonly last: RunResult | undefined;
  readonly before: RunResult | undefined;
}): ReactElement {
  if (!last || !before)
    return <p className="w-note">{t('There is nothing to compare with yet: run the template again.')}</p>;
  return (
    <div className="k-scroll w-table" tabIndex={0} role="region" aria-label={t('Compare')}>
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{t('Figure')}</th>
            <th scope="col" className="k-end">
              {t('Run before')}
            </th>
            <th scope="col" className="k-end">
              {t('This run')}
            </th>
            <th scope="col" className="k-end">
              {t('Change')}
            </th>
          </tr>
        </thead>
        <tbody>
          {linesOf(last, before).map(({ name, before: was, now, change }) => (
            <tr key={name} data-selected={was !== now}>
              <td>{name}</td>
              <td className="k-end">{was}</td>
              <td className="k-end">{now}</td>
              <td className="k-end">{change}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Everything that both or one of them has. */
export function linesOf(last: RunResult, before: RunResult): Line[] {
  const text = (name: string, was: string | undefined, now: string | undefined): Line[] =>
    was === undefined && now === undefined
      ? []
      : [{ name, before: was ?? format.NO_VALUE, now: now ?? format.NO_VALUE, change: '' }];
  const figure = (name: string, was: number | undefined, now: number | undefined, digits: number): Line => ({
    name,
    before: format.number(was, digits),
    now: format.number(now, digits),
    change: was === undefined || now === undefined || was === now ? '' : signed(now - was, digits),
  });
  const names = (of: (result: RunResult) => object | undefined): string[] => [
    ...new Set([...Object.keys(of(last) ?? {}), ...Object.keys(of(before) ?? {})]),
  ];
  const changed = changedRows(last, before);
  const msOf = ({ timing }: RunResult, stage: string) => timing.find((one) => one.stage === stage)?.ms;
  return [
    ...text(t('Data set'), before.data.replace('*', ''), last.data.replace('*', '')),
    ...text(t('Predicts'), before.target, last.target),
    ...names(({ options }) => options).flatMap((name) =>
      text(name, before.options[name], last.options[name]),
    ),
    ...names(({ metrics }) => metrics).map((name) =>
      figure(name, before.metrics?.[name], last.metrics?.[name], 6),
    ),
    ...(changed === undefined ? [] : [figure(t('Rows shown that changed'), undefined, changed, 0)]),
    ...last.timing.map(({ stage, ms }) => figure(`${stageWord(stage)} (ms)`, msOf(before, stage), ms, 1)),
  ];
}

/** Of the rows that both show, those whose cells differ; undefined where the fields are not the same. */
function changedRows({ table: now }: RunResult, { table: was }: RunResult): number | undefined {
  if (!now || !was || now.fields.join('\0') !== was.fields.join('\0')) return undefined;
  return now.rows.filter((row, at) => row.some((cell, i) => cell !== was.rows[at]?.[i])).length;
}

function signed(change: number, digits: number): string {
  const text = format.number(change, digits);
  return change > 0 ? `+${text}` : text;
}
