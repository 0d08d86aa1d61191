import { useLayoutEffect, useState } from 'react';

/** What is taken where nothing can be measured (a document without layout). */
const unmeasured = 480;

/**
 * The width of an element in CSS pixels, kept up to date: pictures are drawn in pixels, for a stretched viewBox would
 * stretch their text. Give `ref` to the element.
 */
export function useWidth(): { readonly ref: (element: HTMLElement | null) => void; readonly width: number } {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(unmeasured);
  useLayoutEffect(() => {
    if (!element || typeof ResizeObserver === 'undefined') return;
    const measure = (): void => setWidth(Math.floor(element.clientWidth) || unmeasured);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return { ref: setElement, width };
}
