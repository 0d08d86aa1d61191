import { useLayoutEffect, useState } from 'react';
import { inkOn, mixed, parsedColour, type Rgb } from './shapes/colour.ts';

/** The colour of a share on the ramp: none is the background in both themes. */
export const rampColour = (share: number): string =>
  `color-mix(in srgb, var(--k-series-1) ${(share * 100).toFixed(1)}%, var(--k-section))`;

/** Used until the theme's colours are read: those of the light theme. */
const light: readonly [Rgb, Rgb] = [
  [255, 255, 255],
  [3, 113, 171],
];

/** Says which ink can be read on a share of the ramp, from the theme's own colours as the browser has them. */
export function useRampInk(): (share: number) => '#000' | '#fff' {
  const [[under, over], setColours] = useState(light);
  useLayoutEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const section = parsedColour(style.getPropertyValue('--k-section'));
    const series = parsedColour(style.getPropertyValue('--k-series-1'));
    if (section && series) setColours([section, series]);
  }, []);
  return (share) => inkOn(mixed(under, over, share));
}
