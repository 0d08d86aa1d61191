import Button from '@splunk/react-ui/Button';
import Checkbox from '@splunk/react-ui/Checkbox';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { CopyButton, DataStates, SkeletonLines } from '../../components/index.ts';
import { count, format, t } from '../../i18n/index.ts';
import { cells, keplerSearch, useRows } from '../../splunkd/index.ts';
import { logLineOf } from './log-line.ts';

const LINES = 200;

/** The last lines of a runtime's log, newest at the bottom. It stays where it was scrolled to unless Follow is on. */
export function LogPanel({ name }: { name: string }) {
  const [follow, setFollow] = useState(true);
  const log = useRows(keplerSearch('runtimes', name, { logs: LINES }), follow ? { refreshSeconds: 5 } : {});
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(
    () => log.rows.map((row) => logLineOf(cells.text(row.line), cells.time(row._time))),
    [log.rows],
  );
  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, lines]);
  const text = lines.map(({ time, level, message }) => `${time} ${level} ${message}`).join('\n');
  const n = format.number(lines.length);
  return (
    <DataStates
      data={log}
      loading={<SkeletonLines lines={6} />}
      empty={<p>{t('The log is empty.')}</p>}
      failedTitle={t('The log could not be read.')}
    >
      <div className="k-stack-small">
        <div className="k-spread">
          <span>
            {count(lines.length, 'The last line', 'The last {n} lines, newest at the bottom', { n })}
          </span>
          <span className="k-row">
            <Checkbox checked={follow} onChange={(_event, { checked }) => setFollow(checked)}>
              {t('Follow')}
            </Checkbox>
            {!follow && <Button appearance="secondary" label={t('Read again')} onClick={log.reload} />}
            <CopyButton text={text} />
          </span>
        </div>
        <div
          ref={box}
          className="k-log k-scroll"
          role="log"
          aria-live="off"
          aria-label={t('Log of {name}', { name })}
          tabIndex={0}
        >
          {lines.map(({ time, level, message, loud }, at) => (
            <div key={at} className={loud ? 'k-log__loud' : undefined}>
              <span>{time}</span> <span className="k-log__level">{level}</span> {message}
            </div>
          ))}
        </div>
      </div>
    </DataStates>
  );
}
