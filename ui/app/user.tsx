import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { setTimeZone } from '../i18n/format.ts';
import { readContext, type UserContext } from '../splunkd/index.ts';

const Context = createContext<UserContext | null>(null);

/** Asks once who is signed in; the page shows meanwhile what everybody may see. */
export function UserProvider({ children }: { children: ReactNode }) {
  const [user, setUser] = useState<UserContext | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = (): void => {
      readContext(abort.signal).then(
        (context) => {
          setTimeZone(context.timeZone);
          setUser(context);
        },
        () => {
          // The page's own searches say what is wrong; who it is for is asked again until splunkd answers.
          if (!abort.signal.aborted) timer = setTimeout(ask, 10_000);
        },
      );
    };
    ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, []);
  return <Context.Provider value={user}>{children}</Context.Provider>;
}

/** Who is signed in; null until Splunk has answered. */
export const useUser = (): UserContext | null => useContext(Context);

/** Whether the user has a capability; undefined until Splunk has answered. */
export function useMay(capability: string): boolean | undefined {
  return useUser()?.capabilities.has(capability);
}
