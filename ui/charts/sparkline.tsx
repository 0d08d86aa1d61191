import { memo } from 'react';
import { sparkline } from './shapes/sparkline.ts';

/**
 * A metric over versions without axes: grey line, dot on the last. It is decoration beside the value, which says the
 * same to those who don't see it.
 */
export const Sparkline = memo(function Sparkline({
  values,
  width = 72,
  height = 22,
}: {
  readonly values: readonly (number | undefined)[];
  readonly width?: number;
  readonly height?: number;
}) {
  const { path, last } = sparkline(values, width, height);
  return (
    <svg className="k-spark" aria-hidden="true" width={width} height={height}>
      {path && <path d={path} />}
      {last && <circle cx={last.x} cy={last.y} r={2.5} />}
    </svg>
  );
});
