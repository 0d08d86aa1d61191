import { useCallback, useEffect, useState } from 'react';

type Parameters = Readonly<Record<string, string>>;

const read = (): Parameters => Object.fromEntries(new URLSearchParams(location.search));

/**
 * The state of a page that stands in its address, so that Back and a shared link work. `set` changes some parameters; an empty
 * value takes one away. With `replace` no step is left in the browser's history.
 */
export function useAddress(): readonly [Parameters, (changes: Parameters, replace?: boolean) => void] {
  const [parameters, setParameters] = useState(read);
  useEffect(() => {
    const moved = (): void => setParameters(read());
    window.addEventListener('popstate', moved);
    return () => window.removeEventListener('popstate', moved);
  }, []);
  const set = useCallback((changes: Parameters, replace = false) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    const address = `${location.pathname}${next.size > 0 ? `?${next}` : ''}`;
    history[replace ? 'replaceState' : 'pushState'](history.state, '', address);
    setParameters(Object.fromEntries(next));
  }, []);
  return [parameters, set];
}
