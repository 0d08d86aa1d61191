import { addressOfModel, modelRow } from '../../../ui/pages/models/model-row.ts';
import { rowOf } from './rows.ts';

describe('a row of kepler models', () => {
  it('is read into numbers, with what has no value left out', () => {
    const model = modelRow(rowOf());
    expect(model).toMatchObject({
      champion: 11,
      versions: 11,
      lastFit: 1763700000.125,
      p50: 11.2,
      p95: undefined,
      mayWrite: true,
      words: 'fraud_detector\nana\nkepler\nrandomforestclassifier',
    });
    expect([...model.aliases]).toEqual([
      ['champion', 11],
      ['challenger', 12],
    ]);
    expect(model.history).toEqual([
      { version: 9, value: 0.89 },
      { version: 10, value: undefined },
      { version: 11, value: 0.905 },
    ]);
  });

  it('of a model without champion and metric has none, and not 0', () => {
    const { champion, metricValue, history, searches24h } = modelRow(
      rowOf({ champion: '', metric: '', metric_value: '', metric_history: undefined, searches_24h: '0' }),
    );
    expect({ champion, metricValue, history, searches24h }).toEqual({
      champion: undefined,
      metricValue: undefined,
      history: [],
      searches24h: 0,
    });
  });

  it('takes a single value of a list for a list of one', () => {
    expect([...modelRow(rowOf({ aliases: 'champion=3' })).aliases]).toEqual([['champion', 3]]);
  });

  it('counts a health that it does not know as attention, with its word as the reason', () => {
    expect(modelRow(rowOf({ health: 'odd' }))).toMatchObject({ health: 'attention', healthReason: 'odd' });
  });

  it('tells two models of one name apart', () => {
    expect(modelRow(rowOf()).key).not.toBe(modelRow(rowOf({ owner: 'li' })).key);
  });
});

describe('the address of a model', () => {
  const address = (more: Record<string, string>, user = 'ana') =>
    addressOfModel(modelRow(rowOf(more)), user, 'kepler');

  it('needs nothing but the name for one’s own', () => {
    expect(address({})).toEqual({ reference: 'fraud_detector', owner: undefined, app: undefined });
  });

  it('says whose it is for another user’s', () => {
    expect(address({}, 'admin')).toMatchObject({ owner: 'ana', app: undefined });
  });

  it('says the app for one of another app, and never an owner', () => {
    expect(address({ namespace: 'app', app: 'it_ops', reference: 'app:fraud_detector' }, 'admin')).toEqual({
      reference: 'app:fraud_detector',
      owner: undefined,
      app: 'it_ops',
    });
    expect(address({ namespace: 'app', reference: 'app:fraud_detector' }, 'admin')).toMatchObject({
      app: undefined,
    });
  });
});
