import { keplerctlSearch, keplerSearch, quoted } from '../../../ui/splunkd/spl.ts';

test('plain words stay bare, everything else is quoted so that it stays one word', () => {
  expect(quoted('main')).toBe('main');
  expect(quoted('app:churn@3')).toBe('app:churn@3');
  expect(quoted('a b')).toBe('"a b"');
  expect(quoted('x" | delete')).toBe('"x\\" | delete"');
  expect(quoted('C:\\models')).toBe('"C:\\\\models"');
  expect(quoted('')).toBe('""');
});

test('options without a value are left out', () => {
  expect(keplerSearch('runtimes', 'main', { logs: 200, events: undefined })).toBe(
    '| kepler runtimes main logs=200',
  );
  expect(keplerctlSearch('runtime start', 'gpu lab', { memory: '24576m', image: '' })).toBe(
    '| keplerctl runtime start "gpu lab" memory=24576m',
  );
  expect(keplerctlSearch('set', undefined, { 'hec.url': 'https://s:8088' })).toBe(
    '| keplerctl set hec.url="https://s:8088"',
  );
});
