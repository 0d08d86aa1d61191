import { useCallback, useEffect, useRef } from 'react';

/**
 * Remembers what had the focus when a dialog opened. Gives a function that hands it back, for `returnFocus`; a dialog that is
 * taken away instead of closed hands it back too.
 */
export function useOpener(open: boolean): () => void {
  const opener = useRef<Element | null>(null);
  const wasOpen = useRef(false);
  if (open && !wasOpen.current) opener.current = document.activeElement;
  wasOpen.current = open;
  const handBack = useCallback(() => {
    if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
  }, []);
  useEffect(
    () => () => {
      if (wasOpen.current) handBack();
    },
    [handBack],
  );
  return handBack;
}
