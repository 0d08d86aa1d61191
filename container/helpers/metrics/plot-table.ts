import { KeplerError } from '../../contract/errors.ts';
import type { Message, ResultTable } from '../../contract/requests.ts';
import type { Evaluation } from './evaluation.ts';

type Cell = string | number | null;

interface Plot {
  readonly fields: readonly string[];
  /** Undefined where the evaluation has none. */
  rows(evaluation: Evaluation): readonly (readonly Cell[])[] | undefined;
  /** What the reader should know of the rows. */
  note?(evaluation: Evaluation): string | undefined;
}

const sampled = ({ sampledRows, rows }: Evaluation): string | undefined =>
  sampledRows === undefined ? undefined : `Made of an even sample of ${sampledRows} of ${rows} rows.`;

/** Rows of a part of every class's curve, the class in front. */
function ofCurves(
  evaluation: Evaluation,
  of: (curve: NonNullable<Evaluation['curves']>[number]) => readonly (readonly Cell[])[],
): readonly (readonly Cell[])[] | undefined {
  return evaluation.curves?.flatMap((curve) => of(curve).map((row) => [curve.class, ...row]));
}

/** Every picture, by the name that `| kepler metrics <model> plot=<name>` takes. */
const PLOTS: Readonly<Record<string, Plot>> = {
  confusion: {
    fields: ['actual', 'predicted', 'rows'],
    rows: ({ confusion }) =>
      confusion?.cells.map(([a, p, rows]) => [confusion.classes[a], confusion.classes[p], rows]),
    note: ({ confusion }) =>
      confusion && confusion.left > 0
        ? `The largest cells; ${confusion.left} rows are in others.`
        : undefined,
  },
  roc: {
    fields: ['class', 'threshold', 'fpr', 'tpr'],
    rows: (evaluation) => ofCurves(evaluation, ({ roc }) => roc),
    note: sampled,
  },
  pr: {
    fields: ['class', 'threshold', 'recall', 'precision', 'prevalence'],
    rows: (evaluation) => ofCurves(evaluation, ({ pr, prevalence }) => pr.map((row) => [...row, prevalence])),
    note: sampled,
  },
  calibration: {
    fields: ['class', 'bin', 'predicted', 'observed', 'rows'],
    rows: (evaluation) => ofCurves(evaluation, ({ calibration }) => calibration),
    note: sampled,
  },
  predicted: {
    fields: ['actual_low', 'actual_high', 'predicted_low', 'predicted_high', 'rows'],
    rows: ({ predicted }) =>
      predicted?.cells.map(([a, p, rows]) => {
        const edge = (place: number): number => predicted.low + place * predicted.step;
        return [edge(a), edge(a + 1), edge(p), edge(p + 1), rows];
      }),
  },
  residuals: {
    fields: ['predicted_low', 'predicted_high', 'rows', 'q05', 'q25', 'q50', 'q75', 'q95'],
    rows: ({ residuals }) => residuals,
    note: sampled,
  },
  importance: { fields: ['feature', 'value', 'spread'], rows: ({ importance }) => importance },
  coefficients: {
    fields: ['output', 'feature', 'value'],
    rows: ({ coefficients }) => coefficients?.rows,
    note: ({ coefficients }) =>
      [
        coefficients?.standardised === false &&
          'The features are in their own units, so the sizes of coefficients cannot be compared; fit StandardScaler first for that.',
        coefficients && coefficients.left > 0 && `${coefficients.left} smaller coefficients are left out.`,
      ]
        .filter(Boolean)
        .join(' ') || undefined,
  },
};

/** The pictures that the version has, each with its rows: what `| kepler metrics <model> plots=t` gives. */
export function plotList(evaluation: Evaluation | undefined): ResultTable {
  const rows = Object.entries(PLOTS).flatMap(([name, plot]) => {
    const found = evaluation && plot.rows(evaluation);
    return found ? [[name, String(found.length)]] : [];
  });
  const note = evaluation ? evaluation.note : NOT_MEASURED;
  return { fields: ['plot', 'rows'], rows, ...(note && { messages: [info(note)] }) };
}

/**
 * The rows behind one picture of a version.
 * @param evaluation Undefined for a version of before evaluations were kept.
 * @throws KeplerError invalid_arguments for a picture that the version does not have, naming those that it has
 */
export function plotTable(evaluation: Evaluation | undefined, name: string): ResultTable {
  const plot = Object.hasOwn(PLOTS, name) ? PLOTS[name] : undefined;
  const rows = evaluation && plot?.rows(evaluation);
  if (!evaluation || !plot || !rows) {
    const has = plotList(evaluation).rows.map(([one]) => one);
    const because = evaluation ? evaluation.note : NOT_MEASURED;
    throw new KeplerError(
      'invalid_arguments',
      `This version has no plot "${name}"; ${has.length > 0 ? `it has ${has.join(', ')}` : 'it has none'}.${because ? ` ${because}` : ''}`,
    );
  }
  const note = plot.note?.(evaluation);
  return {
    fields: plot.fields,
    rows: rows.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
    ...(note && { messages: [info(note)] }),
  };
}

const NOT_MEASURED =
  'Not measured: the version was made before Kepler kept the numbers behind the pictures. Fit the model again to have them.';

function info(text: string): Message {
  return { level: 'INFO', text };
}
