import { time } from '../../../ui/splunkd/cells.ts';

describe('a time in a cell', () => {
  it('is seconds as they are, or the text that Splunk makes of _time', () => {
    expect(time('1763700000.125')).toBe(1763700000.125);
    expect(time('2026-11-21T16:00:00.500+00:00')).toBe(1795276800.5);
    expect(time('2026-11-21T17:00:00.000+01:00')).toBe(1795276800);
  });

  it('is none where there is none', () => {
    expect(time('')).toBeUndefined();
    expect(time(undefined)).toBeUndefined();
    expect(time('yesterday')).toBeUndefined();
  });
});
