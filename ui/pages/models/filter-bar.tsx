import RadioBar from '@splunk/react-ui/RadioBar';
import Search from '@splunk/react-ui/Search';
import Select from '@splunk/react-ui/Select';
import { memo, useMemo, type ReactElement } from 'react';
import { format, t } from '../../i18n/index.ts';
import { choices, quickCounts } from './filtering.ts';
import type { ListState, QuickFilter } from './list-state.ts';
import type { ModelRow } from './model-row.ts';

export interface FilterBarProps {
  /** Undefined while they are on their way: the bar is there already, without counts. */
  readonly models: readonly ModelRow[] | undefined;
  readonly user: string;
  readonly state: ListState;
  readonly onQuery: (query: string) => void;
  readonly onChange: (changes: Partial<ListState>) => void;
}

/** What narrows the list: words, quick filters with their counts, owner, app and algorithm. */
export function FilterBar({ models, user, state, onQuery, onChange }: FilterBarProps): ReactElement {
  return (
    <div className="k-filters" role="search">
      <div className="k-filters__find">
        <Search
          value={state.query}
          onChange={(_event, { value }) => onQuery(value)}
          placeholder={t('Find by name, owner, app, algorithm')}
          aria-label={t('Find by name, owner, app, algorithm')}
        />
      </div>
      <Choices
        models={models}
        user={user}
        quick={state.quick}
        owner={state.owner}
        app={state.app}
        algorithm={state.algorithm}
        onChange={onChange}
      />
    </div>
  );
}

const NONE: readonly ModelRow[] = [];

interface ChoicesProps extends Pick<ListState, 'quick' | 'owner' | 'app' | 'algorithm'> {
  readonly models: readonly ModelRow[] | undefined;
  readonly user: string;
  readonly onChange: (changes: Partial<ListState>) => void;
}

/** Apart from the search field, so that a keystroke draws none of it. */
const Choices = memo(function Choices({ models: known, user, onChange, ...state }: ChoicesProps) {
  const models = known ?? NONE;
  const counts = useMemo(() => quickCounts(models, user), [models, user]);
  const many = (n: number): string => (known ? format.number(n) : '');
  const quick: readonly (readonly [QuickFilter, string])[] = [
    ['all', t('All {n}', { n: many(counts.all) }).trim()],
    ['attention', t('Need attention {n}', { n: many(counts.attention) }).trim()],
    ['mine', t('Mine {n}', { n: many(counts.mine) }).trim()],
    ['idle', t('Idle {n}', { n: many(counts.idle) }).trim()],
  ];
  return (
    <>
      <RadioBar
        inline
        value={state.quick}
        aria-label={t('Show')}
        onChange={(_event, { value }) => onChange({ quick: value as QuickFilter })}
      >
        {quick.map(([value, label]) => (
          <RadioBar.Option key={value} value={value} label={label} />
        ))}
      </RadioBar>
      <div className="k-filters__selects">
        <Choice
          label={t('Owner')}
          value={state.owner}
          models={models}
          of={ownerOf}
          onChange={(owner) => onChange({ owner })}
        />
        <Choice
          label={t('App')}
          value={state.app}
          models={models}
          of={appOf}
          onChange={(app) => onChange({ app })}
        />
        <Choice
          label={t('Algorithm')}
          value={state.algorithm}
          models={models}
          of={algorithmOf}
          onChange={(algorithm) => onChange({ algorithm })}
        />
      </div>
    </>
  );
});

const ownerOf = (model: ModelRow): string => model.owner;
const appOf = (model: ModelRow): string => model.app;
const algorithmOf = (model: ModelRow): string => model.algorithm;

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly models: readonly ModelRow[];
  readonly of: (model: ModelRow) => string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, models, of, onChange }: ChoiceProps): ReactElement {
  const options = useMemo(() => choices(models, of), [models, of]);
  // A value that no model has any more stays chosen and can be seen, so that it is clear why the list is empty.
  const offered = value === '' || options.includes(value) ? options : [value, ...options];
  return (
    <Select
      value={value}
      prefixLabel={label}
      filter={offered.length > 8}
      onChange={(_event, { value: chosen }) => onChange(String(chosen))}
    >
      <Select.Option label={t('Any')} value="" />
      {offered.map((option) => (
        <Select.Option key={option} label={option} value={option} />
      ))}
    </Select>
  );
}
