/** @jest-environment jsdom */
import { theModel } from '../../../ui/pages/model/the-model.ts';
import { rowOf } from '../models/rows.ts';

describe('the model that an address means', () => {
  const rows = [
    rowOf({ owner: 'li' }),
    rowOf({ owner: 'ana' }),
    rowOf({ namespace: 'app', app: 'it_ops', owner: 'li', reference: 'app:fraud_detector' }),
    rowOf({ namespace: 'app', owner: 'li', reference: 'app:fraud_detector' }),
  ];

  it('is the one of the owner or app that it names', () => {
    expect(theModel(rows, { name: 'fraud_detector', owner: 'ana' }, 'li', 'kepler')?.owner).toBe('ana');
    expect(theModel(rows, { name: 'app:fraud_detector', app: 'it_ops' }, 'li', 'kepler')?.app).toBe('it_ops');
  });

  it('is one’s own, or this app’s, where nothing is named', () => {
    expect(theModel(rows, { name: 'fraud_detector' }, 'ana', 'kepler')?.owner).toBe('ana');
    expect(theModel(rows, { name: 'app:fraud_detector' }, 'ana', 'kepler')?.app).toBe('kepler');
  });

  it('is none where no row fits', () => {
    expect(theModel(rows, { name: 'fraud_detector', owner: 'nobody' }, 'ana', 'kepler')).toBeUndefined();
    expect(theModel(rows, { name: 'other' }, 'ana', 'kepler')).toBeUndefined();
  });

  it('is the app’s for a bare name of which one has none of one’s own', () => {
    expect(theModel(rows.slice(3), { name: 'fraud_detector' }, 'ana', 'kepler')?.reference).toBe(
      'app:fraud_detector',
    );
  });
});
