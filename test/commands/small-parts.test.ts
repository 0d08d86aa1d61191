import { COMMAND_NAMES, loadCommand } from '../../splunk_app/src/commands/catalogue.ts';
import { Inspector } from '../../splunk_app/src/commands/inspector.ts';
import { fittedBefore } from '../../splunk_app/src/commands/pipeline.ts';
import { readSearchInfo } from '../../splunk_app/src/commands/search-info.ts';
import { didYouMean, editDistance } from '../../container/contract/did-you-mean.ts';

describe('the catalogue', () => {
  it('has every command under its own name and with a k', async () => {
    for (const name of COMMAND_NAMES) {
      expect((await loadCommand(name))?.name).toBe(name);
      expect((await loadCommand(`k${name}`))?.name).toBe(name);
    }
    for (const name of ['', 'k', 'kk', 'kkfit', 'constructor', 'kconstructor'])
      expect(await loadCommand(name)).toBeNull();
  });
});

describe('suggestions', () => {
  it('count letters inserted, left out, changed and swapped', () => {
    expect(editDistance('form', 'from')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  it('are near or not made at all', () => {
    expect(didYouMean('LinerRegression', ['LogisticRegression', 'LinearRegression'])).toBe(
      'LinearRegression',
    );
    expect(didYouMean('zzz', ['apply', 'alias'])).toBeUndefined();
  });
});

describe('a pipeline', () => {
  it.each([
    ['search x | fit PCA a into m | apply m', true],
    ['search x | kfit PCA a INTO app:m k=2 | head 3 | kapply "app:m@1"', false],
    ['search x | kfit PCA a into app:m | head 3 | kapply "app:m"', true],
    ['search x | apply m | fit PCA a into m', false],
    ['search x | fit PCA a into n | apply m', false],
    ['search "| fit PCA a into m |" | apply m', false],
    ['search x | append [search y | fit PCA a into m] | apply m', false],
    ['search x | fit PCA a | apply m', false],
  ])('%s', (search, expected) => expect(fittedBefore(search, 'm')).toBe(expected));
});

describe('the inspector', () => {
  it('sends a message once', () => {
    const inspector = new Inspector();
    inspector.note([{ level: 'WARN', text: 'a' }], { parse_ms: 12, rows: 3 });
    inspector.note([{ level: 'WARN', text: 'a' }]);
    expect(inspector.take(false)).toEqual({
      inspector: {
        messages: [['WARN', 'a']],
        'metric.kepler.parse_ms': [0.012, 1, 0, 0],
        'metric.kepler.rows': [0, 1, 3, 3],
      },
    });
    inspector.note([{ level: 'WARN', text: 'a' }]);
    expect(inspector.take(false)).toEqual({});
  });

  it('adds up what chunks count, and says it at the end', () => {
    const inspector = new Inspector();
    const counted = (key: string, count: number) => ({
      level: 'WARN' as const,
      text: `${count} here`,
      tally: { key, count, total: '{n} in all' },
    });
    inspector.note([counted('a', 1), counted('b', 7)]);
    expect(inspector.take(false)).toEqual({});
    inspector.note([counted('a', 2)]);
    expect(inspector.take(true)).toEqual({
      inspector: {
        messages: [
          ['WARN', '3 in all'],
          ['WARN', '7 here'],
        ],
      },
    });
    expect(inspector.take(true)).toEqual({});
  });
});

describe('getinfo', () => {
  it.each(['', 'tmp', 'searchparsetmp_1', '123_tmp'])('with sid %j is a probe', (sid) => {
    expect(readSearchInfo({ searchinfo: { sid, raw_args: [] } }).probe).toBe(true);
  });

  it('is no probe with a search id, and says whose search it is', () => {
    const info = readSearchInfo({
      searchinfo: {
        sid: '1.2',
        args: ['a b', 'k=1'],
        owner: 'eve',
        app: 'x',
        search: '%7C%20fit%zz',
        latest_time: 5,
      },
    });
    expect(info).toMatchObject({ probe: false, user: 'eve', app: 'x', rawArgs: ['"a b"', 'k=1'] });
    expect(info.context).toEqual({ sid: '1.2', search: '%7C%20fit%zz', latest: '5' });
  });

  it('without searchinfo is refused', () => {
    expect(() => readSearchInfo({})).toThrow(/no searchinfo/);
  });
});
