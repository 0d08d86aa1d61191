/** @jest-environment jsdom */
import { uses } from '../../../ui/pages/models/in-use.ts';

describe('a scheduled search', () => {
  it.each([
    'index=x | apply m',
    'index=x | apply m@3 as y',
    'index=x|apply app:m | stats count',
    'index=x | APPLY "m" threshold=0.4',
    '| summary m',
    '| append [search index=x | apply m]',
  ])('uses the model: %s', (spl) => {
    expect(uses(spl, 'm')).toBe(true);
  });

  it.each(['index=x | apply m2', 'index=m | apply other', 'index=x m', '| applym', ''])(
    'does not: %s',
    (spl) => {
      expect(uses(spl, 'm')).toBe(false);
    },
  );

  it('takes a name literally', () => {
    expect(uses('| apply axb', 'a.b')).toBe(false);
  });
});
