import { useCallback, useEffect, useState } from 'react';
import { keep, readKept } from './kept.ts';

export type Scheme = 'light' | 'dark';

const dark = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)');

/** The theme that was chosen here; where none was, the one that the system prefers, as long as it does. */
export function useScheme(): readonly [Scheme, () => void] {
  const [chosen, setChosen] = useState(() => readKept('theme') as Scheme | undefined);
  const [prefersDark, setPrefersDark] = useState(() => dark().matches);
  useEffect(() => {
    const query = dark();
    const changed = (): void => setPrefersDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  const scheme = chosen ?? (prefersDark ? 'dark' : 'light');
  const toggle = useCallback(() => {
    const next = scheme === 'dark' ? 'light' : 'dark';
    keep('theme', next);
    setChosen(next);
  }, [scheme]);
  return [scheme, toggle];
}
