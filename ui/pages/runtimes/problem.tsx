import Button from '@splunk/react-ui/Button';
import { MessageLine, pageURL } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { stateOf, type Runtime } from './runtime.ts';

/** Half as much memory again, in whole gigabytes. */
export function moreMemoryGb(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : Math.ceil((limit / 1024 ** 3) * 1.5);
}

export interface ProblemProps {
  runtime: Runtime;
  busy: boolean;
  onStart: (runtime: Runtime) => void;
  onStartWith: (runtime: Runtime, memoryGb: number | undefined) => void;
}

/** What went wrong with a runtime, in words, and the buttons that put it right. Nothing where nothing is wrong. */
export function Problem({ runtime, busy, onStart, onStartWith }: ProblemProps) {
  const { state, word } = stateOf(runtime);
  if (runtime.reason === '' && state !== 'failed') return null;
  const down = runtime.state === 'failed' || runtime.state === 'stopped';
  const more = runtime.outOfMemory ? moreMemoryGb(runtime.memoryLimit) : undefined;
  const startable = runtime.mayChange && runtime.ofEngine && down;
  const exit = runtime.exitCode !== undefined && t('Exit code: {code}', { code: runtime.exitCode });
  return (
    <MessageLine
      type={state === 'failed' ? 'error' : state === 'idle' ? 'info' : 'warning'}
      title={runtime.reason || word}
      small={exit}
      actions={
        <>
          {startable && more !== undefined && (
            <Button
              appearance="secondary"
              label={t('Start with {size}…', { size: format.bytes(more * 1024 ** 3) })}
              onClick={() => onStartWith(runtime, more)}
            />
          )}
          {startable && (
            <Button
              appearance="secondary"
              label={runtime.state === 'failed' ? t('Start as before') : t('Start')}
              disabled={busy ? 'dimmed' : false}
              onClick={() => {
                if (!busy) onStart(runtime);
              }}
            />
          )}
          {!runtime.ofEngine && runtime.mayChange && (
            <Button appearance="secondary" label={t('Open Setup')} to={pageURL('setup')} />
          )}
        </>
      }
    >
      {runtime.remedy}
    </MessageLine>
  );
}
