import { useCallback, useState } from 'react';
import { useDeed, type Deed } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import type { SplunkFailure } from '../../splunkd/index.ts';
import { changeRuntime, type RuntimeVerb } from './change.ts';
import type { Runtime } from './runtime.ts';

/** A dialog that is open on the page. */
export type Asking =
  | { readonly what: 'stop'; readonly verb: Exclude<RuntimeVerb, 'start'>; readonly runtime: Runtime }
  | { readonly what: 'start'; readonly runtime: Runtime | null; readonly memoryGb: number | undefined };

export interface Deeds {
  readonly asking: Asking | null;
  readonly pending: ReadonlyMap<string, RuntimeVerb>;
  /** What failed without a dialog to say it in. */
  readonly failure: { readonly title: string; readonly error: SplunkFailure } | null;
  /** What was done, newest last. */
  readonly said: readonly string[];
  readonly deed: Deed;
  readonly ask: (asking: Asking | null) => void;
  /** Does it, or asks first where jobs would end. */
  readonly act: (verb: RuntimeVerb, runtime: Runtime) => void;
  /** Does what the open dialog asked. */
  readonly confirm: () => void;
  readonly done: (said: string) => void;
  readonly dismiss: (said: string) => void;
  readonly clearFailure: () => void;
}

const sentence = (verb: RuntimeVerb, name: string): string =>
  ({
    start: t('{name} is started.', { name }),
    stop: t('{name} is stopped.', { name }),
    restart: t('{name} is restarted.', { name }),
    remove: t('{name} is removed. Its models stay.', { name }),
  })[verb];

const failedTitle = (verb: RuntimeVerb, name: string): string =>
  ({
    start: t('{name} was not started.', { name }),
    stop: t('{name} was not stopped.', { name }),
    restart: t('{name} was not restarted.', { name }),
    remove: t('{name} was not removed.', { name }),
  })[verb];

/** Start, stop, restart and remove, with what is asked before and said after. `changed` reads the runtimes again. */
export function useDeeds(changed: () => void): Deeds {
  const [asking, setAsking] = useState<Asking | null>(null);
  const [pending, setPending] = useState<ReadonlyMap<string, RuntimeVerb>>(new Map());
  const [failure, setFailure] = useState<Deeds['failure']>(null);
  const [said, setSaid] = useState<readonly string[]>([]);
  const deed = useDeed();

  const done = useCallback(
    (sentenceSaid: string) => {
      setAsking(null);
      setSaid((all) => [...all.filter((one) => one !== sentenceSaid), sentenceSaid].slice(-3));
      changed();
    },
    [changed],
  );

  const doIt = useCallback(
    (verb: RuntimeVerb, runtime: Runtime) => {
      setFailure(null);
      setPending((all) => new Map(all).set(runtime.name, verb));
      const settled = (): void => {
        setPending((all) => new Map([...all].filter(([name]) => name !== runtime.name)));
      };
      changeRuntime(verb, runtime.name).then(
        () => {
          settled();
          done(sentence(verb, runtime.name));
        },
        (error: SplunkFailure) => {
          settled();
          setFailure({ title: failedTitle(verb, runtime.name), error });
          changed();
        },
      );
    },
    [changed, done],
  );

  const act = useCallback(
    (verb: RuntimeVerb, runtime: Runtime) => {
      deed.clear();
      const jobs = (runtime.runningJobs ?? 0) + (runtime.queuedJobs ?? 0);
      if (verb === 'start' || (verb !== 'remove' && jobs === 0)) doIt(verb, runtime);
      else setAsking({ what: 'stop', verb, runtime });
    },
    [deed, doIt],
  );

  const confirm = useCallback(() => {
    if (asking?.what !== 'stop') return;
    const { verb, runtime } = asking;
    deed.run(
      () => changeRuntime(verb, runtime.name, { force: true }),
      () => done(sentence(verb, runtime.name)),
    );
  }, [asking, deed, done]);

  return {
    asking,
    pending,
    failure,
    said,
    deed,
    ask: setAsking,
    act,
    confirm,
    done,
    dismiss: (sentenceSaid) => setSaid((all) => all.filter((one) => one !== sentenceSaid)),
    clearFailure: () => setFailure(null),
  };
}
