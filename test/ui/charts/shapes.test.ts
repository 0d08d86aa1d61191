import { activityShapes, withIdle } from '../../../ui/charts/shapes/activity.ts';
import { axis, decimalsOf, extentOf, thinned } from '../../../ui/charts/shapes/axis.ts';
import { barAxis, strongestFirst } from '../../../ui/charts/shapes/bars.ts';
import { calibrationError, calibrationPoints } from '../../../ui/charts/shapes/calibration.ts';
import { inkOn, luminance, mixed, parsedColour } from '../../../ui/charts/shapes/colour.ts';
import { confusion } from '../../../ui/charts/shapes/confusion.ts';
import { areaUnder, evenly, pointAt } from '../../../ui/charts/shapes/curve.ts';
import { deciles, sharedDomain, strength } from '../../../ui/charts/shapes/predicted.ts';
import { residualBands } from '../../../ui/charts/shapes/residuals.ts';
import { sparkline } from '../../../ui/charts/shapes/sparkline.ts';
import { nearestVersion, versionsLine } from '../../../ui/charts/shapes/versions-line.ts';

const margins = { top: 10, right: 10, bottom: 20, left: 40 };

describe('axes', () => {
  it('count the decimals that a step needs', () => {
    expect([1, 20, 0.5, 0.25, 0.02, 0.001].map(decimalsOf)).toEqual([0, 0, 1, 2, 2, 3]);
    expect(decimalsOf(0)).toBe(0);
  });

  it('give a single value a place in the middle', () => {
    const { scale } = axis([5, 5], [0, 100], 3, { nice: false });
    expect(scale(5)).toBe(50);
    expect(axis([0, 0], [0, 100], 3, { nice: false }).scale(0)).toBe(50);
  });

  it('leave what is no number out of the extent', () => {
    expect(extentOf([undefined, 3, NaN, -1, Infinity])).toEqual([-1, 3]);
    expect(extentOf([undefined])).toBeUndefined();
  });

  it('thin labels until they fit, and keep the last', () => {
    expect([...thinned(5, 500, 40)]).toHaveLength(5);
    const shown = thinned(100, 400, 40);
    expect(shown.size).toBeLessThanOrEqual(10);
    expect(shown.has(99)).toBe(true);
  });
});

describe('the sparkline', () => {
  it('runs from left to right on its own range and ends with a dot', () => {
    expect(sparkline([0.8, 0.9], 72, 22)).toEqual({ path: 'M3,19L69,3', last: { x: 69, y: 3 } });
  });

  it('leaves a gap at a version without a value', () => {
    expect(sparkline([1, undefined, 2, 3], 72, 22).path.match(/M/g)).toHaveLength(2);
  });

  it('is a dot alone for one version, and nothing for none', () => {
    expect(sparkline([0.7], 72, 22)).toEqual({ path: '', last: { x: 69, y: 11 } });
    expect(sparkline([], 72, 22)).toEqual({ path: '', last: undefined });
    expect(sparkline([undefined], 72, 22).last).toBeUndefined();
  });
});

describe('the line of versions', () => {
  const point = (version: number, value: number | undefined, words: string[] = []) => ({
    version,
    value,
    failed: value === undefined,
    words,
  });

  it('is not joined across a failed fit', () => {
    const { path, placed } = versionsLine(
      [point(1, 0.8), point(2, 0.9), point(3, undefined), point(4, 0.7), point(5, 0.8)],
      500,
      100,
      margins,
    );
    expect(path.match(/M/g)).toHaveLength(2);
    expect(placed[2].y).toBeUndefined();
    expect(placed[1].y).toBeLessThan(placed[0].y as number);
  });

  it('stacks words that would cover each other', () => {
    const { placed } = versionsLine(
      [
        point(1, 1, ['champion']),
        point(2, 2, ['challenger']),
        point(3, 2),
        point(4, 2),
        point(5, 2, ['old']),
      ],
      300,
      100,
      margins,
    );
    expect(placed.map((version) => version.row)).toEqual([0, 1, 0, 0, 0]);
  });

  it('finds the version under the mouse', () => {
    const { placed } = versionsLine([point(1, 1), point(2, 2), point(3, 3)], 350, 100, margins);
    expect(nearestVersion(placed, { x: 200, y: 0 })?.version).toBe(2);
    expect(nearestVersion([], { x: 0, y: 0 })).toBeUndefined();
  });
});

describe('the confusion matrix', () => {
  const matrix = confusion([
    { actual: 'no', predicted: 'no', rows: 90 },
    { actual: 'no', predicted: 'yes', rows: 10 },
    { actual: 'yes', predicted: 'yes', rows: 3 },
    { actual: 'yes', predicted: 'no', rows: 1 },
  ]);

  it('shares rows by the actual class', () => {
    expect(matrix.classes).toEqual(['no', 'yes']);
    expect(matrix.pair('no', 'yes').share).toBeCloseTo(0.1);
    expect(matrix.pair('yes', 'yes').share).toBeCloseTo(0.75);
    expect(matrix.totals.get('yes')).toBe(4);
    expect(matrix.rows).toBe(104);
  });

  it('names the worst mistakes first', () => {
    expect(matrix.worst.map((pair) => `${pair.actual}→${pair.predicted}`)).toEqual(['no→yes', 'yes→no']);
  });

  it('gives a class that was never actual no share instead of NaN', () => {
    const odd = confusion([{ actual: 'a', predicted: 'b', rows: 1 }]);
    expect(odd.pair('b', 'a')).toEqual({ actual: 'b', predicted: 'a', rows: 0, share: 0 });
  });
});

describe('curves', () => {
  const points = [
    { x: 0, y: 0, threshold: Infinity },
    { x: 0, y: 0.5, threshold: 0.9 },
    { x: 0.5, y: 1, threshold: 0.4 },
    { x: 1, y: 1, threshold: 0 },
  ];

  it('have the area of their trapezoids', () => {
    expect(areaUnder(points)).toBeCloseTo(0.875);
  });

  it('find the point of a threshold', () => {
    expect(pointAt(points, 0.5)).toBe(points[2]);
    expect(pointAt([points[0]], 0.5)).toBeUndefined();
  });

  it('are thinned for the table with both ends kept', () => {
    const thinnedOut = evenly(
      Array.from({ length: 200 }, (_, index) => index),
      20,
    );
    expect(thinnedOut).toHaveLength(20);
    expect(thinnedOut[0]).toBe(0);
    expect(thinnedOut[19]).toBe(199);
    expect(evenly([1, 2], 20)).toEqual([1, 2]);
  });
});

describe('calibration', () => {
  it('puts 1.96 standard errors around the observed share and leaves empty bins out', () => {
    const [only, ...none] = calibrationPoints([
      { predicted: 0.5, observed: 0.5, rows: 100 },
      { predicted: 0.9, observed: 0, rows: 0 },
    ]);
    expect(none).toEqual([]);
    expect(only.low).toBeCloseTo(0.402);
    expect(only.high).toBeCloseTo(0.598);
  });

  it('weights its error by rows', () => {
    expect(
      calibrationError([
        { predicted: 0.1, observed: 0.2, rows: 30 },
        { predicted: 0.9, observed: 0.9, rows: 10 },
      ]),
    ).toBeCloseTo(0.075);
    expect(calibrationError([])).toBeUndefined();
  });
});

describe('predicted against actual', () => {
  const cell = (actual: number, predicted: number, rows: number) => ({
    actualLow: actual,
    actualHigh: actual + 1,
    predictedLow: predicted,
    predictedHigh: predicted + 1,
    rows,
  });

  it('has one domain for both axes', () => {
    expect(sharedDomain([cell(3, 1, 5), cell(7, 9, 1)])).toEqual([1, 10]);
    expect(sharedDomain([])).toBeUndefined();
  });

  it('keeps single rows visible and grows with the logarithm', () => {
    expect(strength(0, 1000)).toBe(0);
    expect(strength(1, 1000)).toBeCloseTo(0.15);
    expect(strength(1000, 1000)).toBeCloseTo(1);
    expect(strength(1, 1)).toBe(1);
  });

  it('shares a cell between the deciles that it crosses', () => {
    const tenths = deciles([cell(0, 0, 15), cell(10, 10, 5)]);
    expect(tenths).toHaveLength(10);
    expect(tenths.reduce((sum, tenth) => sum + tenth.rows, 0)).toBe(20);
    expect(tenths[7]).toEqual({ decile: 8, predicted: 5.5, actual: 5.5, rows: 2 });
    expect(tenths[9].actual).toBeCloseTo(10.5);
  });
});

describe('residual bands', () => {
  it('hold zero even when every residual is above it', () => {
    const { y, median } = residualBands(
      [
        { predictedLow: 0, predictedHigh: 2, rows: 5, q05: 2, q25: 3, q50: 4, q75: 5, q95: 6 },
        { predictedLow: 2, predictedHigh: 4, rows: 5, q05: 2, q25: 3, q50: 4, q75: 5, q95: 6 },
      ],
      300,
      200,
      margins,
    );
    expect(y.scale.domain()[0]).toBe(0);
    expect(median).toMatch(/^M40,.*L290,/);
  });
});

describe('bars', () => {
  const bar = (name: string, value: number, spread?: number) => ({ name, value, spread });

  it('stand by size without the sign, ties by name', () => {
    expect(strongestFirst([bar('b', 1), bar('c', -3), bar('a', 1)]).map(({ name }) => name)).toEqual([
      'c',
      'a',
      'b',
    ]);
  });

  it('begin at zero and leave room for whiskers', () => {
    expect(barAxis([bar('a', 2, 0.5)], [0, 100]).scale.domain()).toEqual([0, 2.5]);
    expect(barAxis([bar('a', -2, 0.5), bar('b', 1)], [0, 100]).scale.domain()).toEqual([-2.5, 1]);
    expect(barAxis([bar('a', 0)], [0, 100]).scale(0)).toBe(0);
  });
});

describe('activity', () => {
  const hour = 3_600_000;

  it('shows idle hours as zeros', () => {
    const all = withIdle(
      [{ at: 2 * hour, searches: 3, rows: 10, errors: 0, p50: 1, p95: 2 }],
      hour + 5,
      4 * hour,
      hour,
    );
    expect(all.map((bucket) => bucket.searches)).toEqual([0, 3, 0, 0]);
    expect(all[0].at).toBe(hour);
  });

  it('does not join times across an idle hour, and keeps bars under the times', () => {
    const buckets = withIdle(
      [
        { at: 0, searches: 1, rows: 10, errors: 0, p50: 5, p95: 9 },
        { at: 2 * hour, searches: 1, rows: 20, errors: 1, p50: 6, p95: 8 },
      ],
      0,
      2 * hour,
      hour,
    );
    const { p50, placed, y } = activityShapes(buckets, 400, 200, margins);
    expect(p50.match(/M/g)).toHaveLength(2);
    expect(Math.min(...placed.map((bucket) => bucket.top))).toBeGreaterThan(y.scale(0));
  });

  it('draws an installation without any search', () => {
    expect(activityShapes([], 400, 200, margins)).toMatchObject({ p50: '', p95: '', placed: [] });
  });
});

describe('colours', () => {
  it('are read in the forms that a browser gives', () => {
    expect(parsedColour('#fff')).toEqual([255, 255, 255]);
    expect(parsedColour(' #0371AB ')).toEqual([3, 113, 171]);
    expect(parsedColour('rgb(1, 2, 3)')).toEqual([1, 2, 3]);
    expect(parsedColour('red')).toBeUndefined();
  });

  it('mix as CSS does, and say which ink can be read', () => {
    expect(mixed([0, 0, 0], [100, 200, 50], 0.5)).toEqual([50, 100, 25]);
    expect(luminance([255, 255, 255])).toBeCloseTo(1);
    expect(inkOn([255, 255, 255])).toBe('#000');
    expect(inkOn([3, 113, 171])).toBe('#fff');
    expect(inkOn([18, 174, 249])).toBe('#000');
  });
});
