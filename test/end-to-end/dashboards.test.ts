import { readFileSync } from 'node:fs';
import { Kepler } from './kepler.ts';

interface Definition {
  readonly dataSources: Readonly<Record<string, { readonly options: { readonly query: string } }>>;
  readonly visualizations: Readonly<
    Record<string, { readonly dataSources: { readonly primary: string }; readonly title: string }>
  >;
  readonly layout: { readonly structure: readonly { readonly item: string }[] };
}

const NAMES = ['operations', 'model_quality'];

function definitionOf(name: string): Definition {
  const xml = readFileSync(`splunk_app/default/data/ui/views/${name}.xml`, 'utf8');
  return JSON.parse(/<definition><!\[CDATA\[([\s\S]*?)\]\]><\/definition>/.exec(xml)![1]) as Definition;
}

test.each(NAMES)('every picture of %s has its search and its place', (name) => {
  const { dataSources, visualizations, layout } = definitionOf(name);
  const placed = layout.structure.map(({ item }) => item);
  expect([...placed].sort()).toEqual(Object.keys(visualizations).sort());
  const used = Object.values(visualizations).map(({ dataSources: { primary } }) => primary);
  expect([...new Set(used)].sort()).toEqual(Object.keys(dataSources).sort());
});

describe('their searches', () => {
  const kepler = new Kepler();
  beforeAll(async () => {
    await kepler.start();
    await kepler.search('| inputlookup cars.csv | fit LinearRegression Acceleration from Horsepower into m');
  });
  afterAll(() => kepler.clean());

  const searches = NAMES.flatMap((name) =>
    Object.entries(definitionOf(name).dataSources)
      .map(([source, { options }]) => [name, source, options.query] as const)
      // The sandbox has no index _internal, where the audit log is.
      .filter(([, , query]) => !query.startsWith('index=_internal')),
  );
  test.each(searches)('%s: %s runs', async (_name, _source, query) => {
    const { status, messages } = await kepler.search(query.startsWith('`') ? `search ${query}` : query);
    expect(messages.filter(({ type }) => type === 'ERROR')).toEqual([]);
    expect(status).toBe(0);
  });
});
