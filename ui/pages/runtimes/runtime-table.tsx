import Button from '@splunk/react-ui/Button';
import Link from '@splunk/react-ui/Link';
import { MenuButton, Meter, pageURL, StateMark } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import type { RuntimeVerb } from './change.ts';
import { isUp, stateOf, type Runtime } from './runtime.ts';
import { cpuOf, jobsOf, memoryOf } from './summary.ts';

export interface RuntimeTableProps {
  runtimes: readonly Runtime[];
  selected: string | undefined;
  /** What is being done to a runtime just now, by its name. */
  pending: ReadonlyMap<string, RuntimeVerb>;
  onSelect: (name: string) => void;
  onStart: (runtime: Runtime) => void;
  onStop: (runtime: Runtime) => void;
  onMenu: (runtime: Runtime, anchor: HTMLElement) => void;
}

/** The word while a verb runs. */
export function doing(verb: RuntimeVerb): string {
  const words = {
    start: t('Starting'),
    stop: t('Stopping'),
    restart: t('Restarting'),
    remove: t('Removing'),
  };
  return words[verb];
}

/** Every runtime in a line, with what it uses of its limits. Links select, Start and Stop act. */
export function RuntimeTable(props: RuntimeTableProps) {
  const { runtimes } = props;
  const mayChange = runtimes.some((runtime) => runtime.mayChange);
  return (
    <div className="k-table-frame k-scroll" role="region" aria-label={t('Runtimes')} tabIndex={0}>
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{t('Runtime')}</th>
            <th scope="col">{t('State')}</th>
            <th scope="col">{t('Mode')}</th>
            <th scope="col">{t('Image')}</th>
            <th scope="col">{t('Version')}</th>
            <th scope="col">{t('CPU')}</th>
            <th scope="col">{t('Memory')}</th>
            <th scope="col">{t('Uptime')}</th>
            <th scope="col">{t('Jobs')}</th>
            {mayChange && (
              <th scope="col">
                <span className="k-hidden">{t('Actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {runtimes.map((runtime) => (
            <RuntimeLine key={runtime.name} runtime={runtime} actions={mayChange} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RuntimeLine(props: RuntimeTableProps & { runtime: Runtime; actions: boolean }) {
  const { runtime, selected, pending, actions } = props;
  const { name } = runtime;
  const { state, word } = stateOf(runtime);
  const verb = pending.get(name);
  return (
    <tr data-selected={selected === name}>
      <td className="k-runtime-name">
        {selected === name ? (
          <span className="k-strong" aria-current="true">
            {name}
          </span>
        ) : (
          <Link
            appearance="standalone"
            to={pageURL('runtimes', { name })}
            onClick={(event) => {
              event.preventDefault();
              props.onSelect(name);
            }}
          >
            {name}
          </Link>
        )}
      </td>
      <td>
        {verb ? (
          <StateMark state="busy">{doing(verb)}</StateMark>
        ) : (
          <StateMark state={state} title={runtime.reason}>
            {word}
          </StateMark>
        )}
      </td>
      <td>{runtime.mode === '' ? format.NO_VALUE : runtime.mode}</td>
      <td>{runtime.ofEngine ? runtime.image || format.NO_VALUE : t('runs elsewhere')}</td>
      <td>{runtime.version || format.NO_VALUE}</td>
      <td>
        <Meter used={runtime.cpu} limit={runtime.cpuLimit} words={cpuOf(runtime)} />
      </td>
      <td>
        <Meter used={runtime.memory} limit={runtime.memoryLimit} words={memoryOf(runtime)} />
      </td>
      <td title={format.moment(runtime.started)}>{format.duration(runtime.uptime)}</td>
      <td>{jobsOf(runtime)}</td>
      {actions && (
        <td>
          <span className="k-runtime-actions">
            {runtime.mayChange && runtime.ofEngine && <StartStop {...props} />}
            {runtime.mayChange && (
              <MenuButton
                label={t('Actions for {name}', { name })}
                open={(anchor) => props.onMenu(runtime, anchor)}
              />
            )}
          </span>
        </td>
      )}
    </tr>
  );
}

function StartStop({ runtime, pending, onStart, onStop }: RuntimeTableProps & { runtime: Runtime }) {
  const up = isUp(runtime);
  const held = pending.has(runtime.name);
  return (
    <Button
      appearance="subtle"
      label={up ? t('Stop') : t('Start')}
      aria-label={up ? t('Stop {name}', { name: runtime.name }) : t('Start {name}', { name: runtime.name })}
      disabled={held ? 'dimmed' : false}
      onClick={() => {
        if (!held) (up ? onStop : onStart)(runtime);
      }}
    />
  );
}
