import { byName, choices, filtered, quickCounts, sorted } from '../../../ui/pages/models/filtering.ts';
import { isFiltered, parametersOf, stateOf, unfiltered } from '../../../ui/pages/models/list-state.ts';
import { modelRow, type ModelRow } from '../../../ui/pages/models/model-row.ts';
import { rowOf } from './rows.ts';

const model = (name: string, more: Record<string, string> = {}): ModelRow =>
  modelRow(rowOf({ name, ...more }));
const names = (models: readonly ModelRow[]): string[] => models.map((one) => one.name);
const everything = stateOf({});

const models = [
  model('b2', { health: 'healthy', metric_value: '' }),
  model('b10', { health: 'failed', owner: 'li', metric_value: '0.5' }),
  model('a', { health: 'idle', algorithm: 'KMeans', metric_value: '0.9' }),
  model('c', { health: 'attention', app: 'it_ops', metric_value: '0.7' }),
];

describe('the filter', () => {
  it('finds words in name, owner, app and algorithm, whatever their case', () => {
    expect(names(filtered(models, { ...everything, query: 'KMEANS' }, 'ana'))).toEqual(['a']);
    expect(names(filtered(models, { ...everything, query: 'it_ops' }, 'ana'))).toEqual(['c']);
  });

  it('wants all of several words, in any order', () => {
    expect(names(filtered(models, { ...everything, query: ' forest  li ' }, 'ana'))).toEqual(['b10']);
  });

  it('does not find words across two fields', () => {
    expect(filtered(models, { ...everything, query: 'aana' }, 'ana')).toEqual([]);
  });

  it('combines with the quick filters and the selects', () => {
    expect(names(filtered(models, { ...everything, quick: 'attention' }, 'ana'))).toEqual(['b10', 'c']);
    expect(names(filtered(models, { ...everything, quick: 'mine', app: 'kepler' }, 'ana'))).toEqual([
      'b2',
      'a',
    ]);
    expect(filtered(models, { ...everything, algorithm: 'Nothing' }, 'ana')).toEqual([]);
  });

  it('counts what each quick filter would show', () => {
    expect(quickCounts(models, 'li')).toEqual({ all: 4, attention: 2, mine: 1, idle: 1 });
  });

  it('offers each owner once, in order', () => {
    expect(choices([...models, model('x', { owner: '' })], (one) => one.owner)).toEqual(['ana', 'li']);
  });
});

describe('the order', () => {
  it('is worst first', () => {
    expect(names(sorted(models, 'health', false))).toEqual(['b10', 'c', 'b2', 'a']);
  });

  it('puts numbers in names by their size', () => {
    expect(names(byName(models))).toEqual(['a', 'b2', 'b10', 'c']);
  });

  it('leaves models without the value last, both ways', () => {
    expect(names(sorted(models, 'metric', false))).toEqual(['b10', 'c', 'a', 'b2']);
    expect(names(sorted(models, 'metric', true))).toEqual(['a', 'c', 'b10', 'b2']);
  });

  it('keeps the order of names among equals', () => {
    expect(names(sorted(byName(models), 'owner', true))).toEqual(['b10', 'a', 'b2', 'c']);
  });
});

describe('the list in the address', () => {
  it('comes back as it was written', () => {
    const changes = parametersOf(
      { quick: 'idle', sort: 'rows', descending: true, page: 3, query: 'a b' },
      everything,
    );
    expect(stateOf(changes)).toEqual({
      ...everything,
      quick: 'idle',
      sort: 'rows',
      descending: true,
      page: 3,
      query: 'a b',
    });
  });

  it('says nothing of what is as in the beginning', () => {
    expect(Object.values(parametersOf({ ...everything }, everything)).join('')).toBe('');
  });

  it('begins again at the first page when something else changes', () => {
    expect(parametersOf({ owner: 'ana' }, { ...everything, page: 7 }).page).toBe('');
  });

  it('ignores what it does not know', () => {
    expect(stateOf({ show: 'drifted', sort: 'colour', page: '-1' })).toEqual(everything);
  });

  it('knows whether something is hidden', () => {
    expect(isFiltered(everything)).toBe(false);
    expect(isFiltered({ ...everything, query: '  ' })).toBe(false);
    expect(isFiltered({ ...everything, app: 'kepler' })).toBe(true);
    expect(isFiltered({ ...everything, app: 'kepler', ...unfiltered })).toBe(false);
  });
});
