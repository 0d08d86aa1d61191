// Which nodes of a graph others lean on: PageRank over the rows as edges, each from the first field to the second.
// The data: data/service_calls.csv as a lookup of your app (Settings > Lookups in Splunk Web). A third field weighs the edges.
//   | inputlookup service_calls.csv | fit PageRank caller callee calls into leaning
//   | inputlookup service_calls.csv | apply leaning | stats max(target_rank) as rank by callee | sort - rank | head 5
//   | summary leaning
import { defineTemplate } from 'kepler';
import type { RawColumn, RawTable } from 'kepler';

interface Model {
  nodes: readonly string[];
  ranks: Float64Array;
  steps: number;
}

export default defineTemplate<Model>({
  name: 'PageRank',
  kind: 'transformer',
  prepare: 'none', // nodes are texts, and there are more of them than a category may have values
  description: 'Ranks the nodes of a graph by the edges that lead to them.',
  params: {
    properties: {
      damping: {
        type: 'number',
        default: 0.85,
        minimum: 0,
        exclusiveMaximum: 1,
        description: 'Share of the rank that goes along the edges.',
      },
      tolerance: {
        type: 'number',
        default: 1e-9,
        exclusiveMinimum: 0,
        description: 'Ends when ranks change by less.',
      },
      max_iter: {
        type: 'integer',
        default: 200,
        minimum: 1,
        maximum: 10000,
        description: 'Ends after so many steps.',
      },
    },
  },

  fit({ damping, tolerance, max_iter }, { features }, { progress, warn }) {
    const { from, to, weights, nodes } = graphOf(features);
    if (nodes.length === 0) throw new Error('No row has both ends of an edge.');
    const out = new Float64Array(nodes.length);
    from.forEach((node, edge) => (out[node] += weights[edge]));
    const d = Number(damping);
    let ranks = new Float64Array(nodes.length).fill(1 / nodes.length);
    for (let step = 1; step <= Number(max_iter); step++) {
      progress(step / Number(max_iter));
      // What stands on nodes without a way out goes to all alike.
      const lost = ranks.reduce((sum, rank, node) => (out[node] === 0 ? sum + rank : sum), 0);
      const next = new Float64Array(nodes.length).fill((1 - d + d * lost) / nodes.length);
      from.forEach((node, edge) => (next[to[edge]] += (d * ranks[node] * weights[edge]) / out[node]));
      const change = next.reduce((sum, rank, node) => sum + Math.abs(rank - ranks[node]), 0);
      ranks = next;
      if (change < Number(tolerance)) return { nodes, ranks, steps: step };
    }
    warn(`Ranks still changed after ${String(max_iter)} steps; raise max_iter.`);
    return { nodes, ranks, steps: Number(max_iter) };
  },

  // The rank of each row's two ends; nothing for a node that the fit has not seen.
  apply({ nodes, ranks }, features) {
    const rankOf = new Map(nodes.map((node, i) => [node, ranks[i]]));
    const [source, target] = endsOf(features);
    const rank = (end: RawColumn) =>
      Float64Array.from(textsOf(end), (node) => (node === null ? NaN : (rankOf.get(node) ?? NaN)));
    return { source_rank: rank(source), target_rank: rank(target) };
  },

  summary: ({ nodes, ranks, steps }) => ({
    fields: ['node', 'rank', 'steps'],
    rows: nodes
      .map((node, i): [string, number, number] => [node, ranks[i], steps])
      .sort((a, b) => b[1] - a[1])
      .slice(0, 1000),
  }),

  example: {
    features: {
      caller: ['web', 'web', 'cart', null],
      callee: ['cart', 'login', 'db', 'db'],
      calls: [3, 1, 2, 1],
    },
  },
});

function endsOf({ columns }: RawTable): readonly [RawColumn, RawColumn] {
  if (columns.length < 2) throw new Error('Two fields are needed: where an edge begins, and where it ends.');
  return [columns[0], columns[1]];
}

function textsOf(column: RawColumn): (string | null)[] {
  if (column.kind === 'text') return [...column.values];
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
}

function graphOf(features: RawTable) {
  const [source, target] = endsOf(features).map(textsOf);
  const weight = features.columns[2];
  const nodes: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (node: string) => {
    const place = places.get(node) ?? nodes.push(node) - 1;
    places.set(node, place);
    return place;
  };
  const [from, to, weights]: [number[], number[], number[]] = [[], [], []];
  source.forEach((start, row) => {
    const end = target[row];
    const weighs = weight?.kind === 'number' ? weight.values[row] : 1;
    if (start === null || end === null || !(weighs > 0)) return;
    from.push(placeOf(start));
    to.push(placeOf(end));
    weights.push(weighs);
  });
  return { from, to, weights, nodes };
}
