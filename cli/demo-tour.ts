import type { Outcome } from './run-search.ts';

/** One stop of the tour: a search, and what must be true of its outcome. */
export interface Stop {
  readonly title: string;
  readonly search: string;
  /** What a reader should notice in the table. */
  readonly note?: string;
  /** What is wrong with the outcome; nothing where it is as it should be. */
  readonly check: (outcome: Outcome) => string | undefined;
  /** Shown with a progress line and its rate; so many rows go through it. */
  readonly rows?: number;
}

const rowsIn = (outcome: Outcome) => outcome.batches.reduce((sum, batch) => sum + batch.rows, 0);

function cell(outcome: Outcome, field: string): string {
  const value = outcome.batches[0]?.cells(field)[0];
  return typeof value === 'string' ? value : '';
}

/** The search worked, gave so many rows (at least one where no number is said) and has the fields. */
const gives =
  (rows: number | null, ...fields: string[]) =>
  (outcome: Outcome): string | undefined => {
    if (outcome.failed) return 'the search failed';
    const found = rowsIn(outcome);
    if (rows === null ? found === 0 : found !== rows)
      return `${rows ?? 'some'} rows were expected, ${found} came`;
    const missing = fields.find((field) => !outcome.fields.includes(field));
    return missing && `the field ${missing} is missing`;
  };

const accuracyAtLeast = (least: number) => (outcome: Outcome) =>
  gives(1, 'accuracy_score')(outcome) ??
  (Number(cell(outcome, 'accuracy_score')) >= least
    ? undefined
    : `an accuracy of at least ${least} was expected`);

const FEATURES = 'Beak* Flipper* Body* Island';

/** The tour over penguins, then over a number of readings. */
export function tour(readings: number): Stop[] {
  return [
    {
      title: 'Real data: penguins, some of them not measured completely',
      search:
        '| inputlookup penguins.csv | stats count count("Beak Length (mm)") as measured avg("Body Mass (g)") as mass by Species | eval mass=round(mass)',
      check: gives(3, 'measured'),
    },
    {
      title: 'Fit a classifier: a small decision tree',
      search: `| inputlookup penguins.csv | fit DecisionTreeClassifier Species from ${FEATURES} max_depth=2 into penguins | stats count by Species "predicted(Species)"`,
      note: 'Every row comes back; the two birds without measures are left out of training and keep an empty prediction.',
      check: gives(null, 'predicted(Species)'),
    },
    {
      title: 'Apply it',
      search:
        '| inputlookup penguins.csv | apply penguins as guess | where guess!=Species | table Species guess Island "Beak Length (mm)" "Body Mass (g)" | head 5',
      note: 'Where a tree of depth 2 is wrong.',
      check: gives(null, 'guess'),
    },
    {
      title: 'Score it',
      search:
        '| inputlookup penguins.csv | apply penguins | score accuracy_score Species against "predicted(Species)"',
      check: accuracyAtLeast(0.85),
    },
    {
      title: 'Look inside',
      search: '| summary penguins',
      check: gives(null),
    },
    {
      title: 'Refit with a random forest: version 2 of the same model',
      search: `| inputlookup penguins.csv | fit RandomForestClassifier Species from ${FEATURES} n_estimators=50 random_state=7 into penguins | score accuracy_score Species against "predicted(Species)"`,
      check: accuracyAtLeast(0.97),
    },
    {
      title: 'Which fields it goes by',
      search: '| summary penguins | sort - importance | head 5',
      check: gives(null, 'feature', 'importance'),
    },
    {
      title: 'Version 1 is still there',
      search:
        '| inputlookup penguins.csv | apply penguins@1 | score confusion_matrix Species against "predicted(Species)"',
      check: gives(3, 'Label'),
    },
    {
      title: 'All models',
      search: '| listmodels | table name type owner app version versions',
      check: gives(1, 'name', 'version'),
    },
    {
      title: 'A wrong search says what is wrong',
      search: '| inputlookup penguins.csv | fit RandomForestClasifier Species from Beak*',
      check: (outcome) =>
        !outcome.failed
          ? 'an error was expected'
          : outcome.messages.some(({ text }) => text.includes('RandomForestClasifier'))
            ? undefined
            : 'the error does not name the unknown algorithm',
    },
    {
      title: 'Learn from 100,000 sensor readings',
      search:
        '| inputlookup readings.csv | head 100000 | fit LinearRegression wear from temperature pressure vibration current speed into wear | stats count avg(wear) avg("predicted(wear)")',
      check: gives(1, 'count'),
    },
    {
      title: `Apply to ${readings.toLocaleString('en-US')} rows`,
      search:
        '| inputlookup readings.csv | apply wear | stats count avg(wear) as wear avg("predicted(wear)") as predicted max("predicted(wear)") as highest',
      rows: readings,
      check: (outcome) =>
        gives(1, 'count')(outcome) ??
        (cell(outcome, 'count') === String(readings) ? undefined : `${readings} rows were expected`),
    },
  ];
}
