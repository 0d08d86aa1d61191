import { CASES } from '../../bench/cases/index.ts';
import { render } from '../../bench/table.ts';

const close = async () => {};

test('a table compares with the baseline, names the absent and judges goals', () => {
  const text = render(
    {
      contestants: [],
      baseline: 'peer',
      goals: [
        { contestant: 'ours', atLeast: 50 },
        { contestant: 'ours', atLeast: 70 },
      ],
      close,
    },
    [
      {
        name: 'ours',
        rows: 1_000_000,
        rounds: 2,
        min: 0.5,
        median: 1,
        samples: [{ seconds: 0.5 }, { seconds: 1.5 }],
      },
      { name: 'peer', rows: 1_000_000, rounds: 1, min: 30, median: 30, samples: [{ seconds: 30 }] },
      { name: 'other', absent: 'not installed', rounds: 0, samples: [] },
    ],
  );
  expect(text).toMatch(/ours +2 +0\.500 s +1\.000 s +2,000,000 +60\.00 +30\.00/);
  expect(text).toMatch(/other +absent/);
  expect(text).toContain('at least 50 times as fast as peer: 60.00, reached');
  expect(text).toContain('at least 70 times as fast as peer: 60.00, MISSED');
});

test('a goal whose peer is absent is not measured, never guessed', () => {
  const text = render(
    { contestants: [], baseline: 'peer', goals: [{ contestant: 'ours', atLeast: 2 }], close },
    [
      { name: 'ours', rounds: 1, min: 1, median: 1, samples: [{ seconds: 1 }] },
      { name: 'peer', absent: 'not installed', rounds: 0, samples: [] },
    ],
  );
  expect(text).toContain('not measured');
  expect(text).not.toContain('reached');
});

test('cases have names of their own and can be asked for one by one', () => {
  const names = CASES.map((item) => item.name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z-]+$/);
});
