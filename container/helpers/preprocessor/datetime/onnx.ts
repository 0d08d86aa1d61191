import { KeplerError } from '../../../contract/errors.ts';
import type { OnnxGraph } from '../../../contract/template.ts';
import { ONNX_DOUBLE, ONNX_INT64 } from '../onnx-columns.ts';
import type { OnnxColumns } from '../onnx-columns.ts';
import { CYCLES, DAY } from './calendar.ts';
import type { DatePart } from './calendar.ts';

/** A whole number of 400-year eras (and so of weeks) that makes all days from 1970 of Date's range positive. */
const ERAS = 800;
const SHIFT = ERAS * 146_097;

/** The calendar in whole numbers, as `calendar.ts` computes it; every quotient is of positive ones. */
class IntegerGraph {
  readonly #graph: OnnxGraph;

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
  }

  number(value: number): string {
    return this.#graph.tensor(BigInt64Array.of(BigInt(value)), [1, 1]);
  }

  op(name: string, a: string, b: string | number): string {
    return this.#graph.node(name, [a, typeof b === 'number' ? this.number(b) : b], 1)[0];
  }

  choose(when: string, yes: string | number, no: string | number): string {
    const value = (one: string | number) => (typeof one === 'number' ? this.number(one) : one);
    return this.#graph.node('Where', [when, value(yes), value(no)], 1)[0];
  }

  /** Year, month, day and day of the year of days counted from the shifted 1970-01-01. */
  civil(shifted: string): Readonly<Record<'year' | 'month' | 'day' | 'dayofyear', string>> {
    const z = this.op('Add', shifted, 719_468);
    const era = this.op('Div', z, 146_097);
    const ofEra = this.op('Mod', z, 146_097);
    const leaps = this.op(
      'Sub',
      this.op('Add', this.op('Sub', ofEra, this.op('Div', ofEra, 1460)), this.op('Div', ofEra, 36_524)),
      this.op('Div', ofEra, 146_096),
    );
    const yearOfEra = this.op('Div', leaps, 365);
    const ofYear = this.op('Sub', ofEra, this.daysBefore(yearOfEra));
    const fromMarch = this.op('Div', this.op('Add', this.op('Mul', ofYear, 5), 2), 153);
    const early = this.op('Less', fromMarch, 10);
    const month = this.op('Add', fromMarch, this.choose(early, 3, -9));
    const begun = this.op('Div', this.op('Add', this.op('Mul', fromMarch, 153), 2), 5);
    const day = this.op('Add', this.op('Sub', ofYear, begun), 1);
    const marchYear = this.op('Sub', this.op('Add', yearOfEra, this.op('Mul', era, 400)), ERAS * 400);
    const year = this.op('Add', marchYear, this.choose(early, 0, 1));
    // From the first of March there are 306 days to the end of the year; January and February have 59, or 60 in a leap year.
    const inLeap = this.isLeap(this.op('Add', year, ERAS * 400));
    const sinceJanuary = this.op('Add', ofYear, this.choose(inLeap, 61, 60));
    const dayofyear = this.choose(early, sinceJanuary, this.op('Sub', ofYear, 305));
    return { year, month, day, dayofyear };
  }

  daysBefore(yearOfEra: string): string {
    const leaps = this.op('Sub', this.op('Div', yearOfEra, 4), this.op('Div', yearOfEra, 100));
    return this.op('Add', this.op('Mul', yearOfEra, 365), leaps);
  }

  isLeap(year: string): string {
    const by = (n: number) => this.op('Equal', this.op('Mod', year, n), 0);
    const graph = this.#graph;
    const [notCentury] = graph.node('Not', [by(100)], 1);
    return this.op('Or', this.op('And', by(4), notCentury), by(400));
  }
}

/** @throws KeplerError invalid_arguments for text, and for another time zone than UTC */
export function datesInOnnx(
  title: string,
  fitted: { features: readonly DatePart[]; cyclic: boolean; timeZone: string; keep: boolean },
  graph: OnnxGraph,
  columns: OnnxColumns,
  names: readonly string[],
): void {
  if (fitted.timeZone !== 'UTC') {
    throw new KeplerError(
      'invalid_arguments',
      `${title} (${names.join(', ')}) with timeZone "${fitted.timeZone}" has no exact ONNX form: ONNX knows no time zones. Use UTC, or leave the step out of the ONNX file; the model works in Kepler as it is.`,
    );
  }
  const text = names.find((name) => columns.isText(name));
  if (text !== undefined) {
    throw new KeplerError(
      'invalid_arguments',
      `${title} ("${text}") has no exact ONNX form: ONNX reads no times from text. Make it a number in the search (strptime); the model works in Kepler as it is.`,
    );
  }
  for (const name of names) {
    const x = fitted.keep ? columns.matrix([name]) : columns.take([name]);
    const [isNull] = graph.node('IsNaN', [x], 1);
    const integers = new IntegerGraph(graph);
    const parts = writeParts(graph, integers, x, isNull);
    for (const feature of fitted.features) {
      writeFeature(graph, columns, { name, feature, isNull, x, part: parts(feature), cyclic: fitted.cyclic });
    }
  }
}

function writeParts(
  graph: OnnxGraph,
  integers: IntegerGraph,
  x: string,
  isNull: string,
): (part: DatePart) => string {
  const zero = graph.tensor(Float64Array.of(0), [1, 1]);
  const [safe] = graph.node('Where', [isNull, zero, x], 1);
  const [whole] = graph.node('Floor', [safe], 1);
  const [cast] = graph.node('Cast', [whole], 1, { to: ONNX_INT64 });
  const time = integers.op('Add', cast, SHIFT * DAY);
  const days = integers.op('Div', time, DAY);
  const seconds = integers.op('Mod', time, DAY);
  const weekday = integers.op('Mod', integers.op('Add', days, 3), 7);
  const date = integers.civil(days);
  return (part) => {
    switch (part) {
      case 'hour':
        return integers.op('Div', seconds, 3600);
      case 'minute':
        return integers.op('Mod', integers.op('Div', seconds, 60), 60);
      case 'second':
        return integers.op('Mod', seconds, 60);
      case 'weekday':
        return weekday;
      case 'weekend':
        return integers.choose(integers.op('Less', weekday, 5), 0, 1);
      case 'quarter':
        return integers.op('Add', integers.op('Div', integers.op('Sub', date.month, 1), 3), 1);
      case 'week': {
        const thursday = integers.civil(integers.op('Add', integers.op('Sub', days, weekday), 3));
        return integers.op('Add', integers.op('Div', integers.op('Sub', thursday.dayofyear, 1), 7), 1);
      }
      case 'epoch':
        return cast;
      default:
        return date[part];
    }
  };
}

function writeFeature(
  graph: OnnxGraph,
  columns: OnnxColumns,
  of: { name: string; feature: DatePart; isNull: string; x: string; part: string; cyclic: boolean },
): void {
  const { name, feature, isNull, part } = of;
  const nothing = graph.tensor(Float64Array.of(NaN), [1, 1]);
  const add = (column: string, value: string) =>
    columns.add([column], graph.node('Where', [isNull, nothing, value], 1)[0]);
  const cycle = of.cyclic ? CYCLES[feature] : undefined;
  if (feature === 'epoch') columns.add([`${name}_epoch`], of.x);
  else if (!cycle) add(`${name}_${feature}`, graph.node('Cast', [part], 1, { to: ONNX_DOUBLE })[0]);
  else {
    const angles = Float64Array.from({ length: cycle.period }, (_, i) => (2 * Math.PI * i) / cycle.period);
    const [place] = graph.node('Sub', [part, graph.tensor(BigInt64Array.of(BigInt(cycle.from)), [1, 1])], 1);
    for (const [suffix, values] of [
      ['sin', angles.map(Math.sin)],
      ['cos', angles.map(Math.cos)],
    ] as const) {
      const table = graph.tensor(values, [cycle.period]);
      add(`${name}_${feature}_${suffix}`, graph.node('Gather', [table, place], 1, { axis: 0 })[0]);
    }
  }
}
