import { chosenVersions, newest, toggled } from '../../../ui/pages/model/chosen.ts';
import { bestOf, comparison, onlyDifferences, parameterText } from '../../../ui/pages/model/compare.ts';
import { versionRow, type VersionRow } from '../../../ui/pages/model/version-row.ts';

const version = (number: number, more: Record<string, string | string[]> = {}): VersionRow =>
  versionRow({
    version: String(number),
    aliases: [],
    state: 'whole',
    algorithm: 'RandomForestClassifier',
    metric: 'f1',
    metrics: '{"accuracy":0.9,"f1":0.8,"log_loss":0.3}',
    params: '{"n_estimators":100,"class_weight":null}',
    rows: '100',
    user: 'ana',
    ...more,
  });

const directions = new Map([
  ['f1', 'higher'],
  ['log_loss', 'lower'],
]);

describe('the best of some values', () => {
  it('is in the metric’s own direction', () => {
    expect(bestOf([1, 2, 2], 'higher')).toEqual([false, true, true]);
    expect(bestOf([1, 2, 2], 'lower')).toEqual([true, false, false]);
  });

  it('is none where all are equal, only one is known or the direction is not', () => {
    expect(bestOf([1, 1], 'higher')).toEqual([false, false]);
    expect(bestOf([1, undefined], 'higher')).toEqual([false, false]);
    expect(bestOf([1, 2], undefined)).toEqual([false, false]);
  });
});

describe('the comparison', () => {
  const groups = comparison(
    [
      version(1),
      version(2, {
        metrics: '{"accuracy":0.9,"f1":0.8004,"log_loss":0.2}',
        params: '{"n_estimators":200,"class_weight":null}',
      }),
    ],
    directions,
  );
  const line = (label: string) => groups.flatMap((group) => group.lines).find((one) => one.label === label);

  it('has the main metric first and stars by direction', () => {
    expect(groups[0].lines.map((one) => one.label)).toEqual(['F1', 'accuracy', 'log_loss']);
    expect(line('log_loss')?.best).toEqual([false, true]);
    expect(line('accuracy')?.best).toEqual([false, false]);
  });

  it('sees differences that three decimals hide', () => {
    expect(line('F1')?.cells).toEqual(['0.800', '0.800']);
    expect(line('F1')?.differs).toBe(true);
  });

  it('shades changed parameters', () => {
    expect(line('n_estimators')?.changed).toEqual([false, true]);
    expect(line('class_weight')?.changed).toEqual([false, false]);
  });

  it('leaves out everything that is the same, and groups with it', () => {
    expect(
      onlyDifferences(groups).map((group) => [group.label, group.lines.map((one) => one.label)]),
    ).toEqual([
      ['Metrics', ['F1', 'log_loss']],
      ['Parameters', ['n_estimators']],
    ]);
  });

  it('shows parameters and metrics that only one of them has', () => {
    const uneven = comparison(
      [version(1, { params: '{}', metrics: '' }), version(2, { params: '{"alpha":0.000001}' })],
      directions,
    );
    const alpha = uneven[1].lines.find((one) => one.label === 'alpha');
    expect(alpha?.cells).toEqual(['—', '0.000001']);
    expect(uneven[0].lines[0].cells).toEqual(['—', '0.800']);
  });

  it('writes parameters as they are', () => {
    expect([parameterText(null), parameterText([1, 'a']), parameterText(true), parameterText(-2)]).toEqual([
      'none',
      '[1,"a"]',
      'true',
      '−2',
    ]);
  });
});

describe('the versions that are compared', () => {
  const versions = [version(1), version(2), version(3, { state: 'damaged' }), version(4), version(5)];

  it('are those that the address names, as far as they exist', () => {
    expect(chosenVersions('4,1,99,x', versions, 2)).toEqual([1, 4]);
  });

  it('are champion, newest and the one before where nothing is said', () => {
    expect(chosenVersions(undefined, versions, 2)).toEqual([2, 4, 5]);
    expect(chosenVersions('', [], undefined)).toEqual([]);
  });

  it('are never damaged ones by themselves, but may be when asked for', () => {
    expect(newest(versions)).toEqual([5, 4, 2, 1]);
    expect(chosenVersions('3,4', versions, 2)).toEqual([3, 4]);
  });

  it('are never none and never more than four', () => {
    expect(toggled([4], 4)).toEqual([4]);
    expect(toggled([1, 2], 2)).toEqual([1]);
    expect(toggled([1, 2, 4, 5], 3)).toEqual([2, 3, 4, 5]);
  });
});
