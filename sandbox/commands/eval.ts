import type { Batch } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { bind, checkExpression, toCell } from '../spl/expression/evaluate.ts';
import { pattern } from '../spl/expression/functions-text.ts';
import { parseAssignments, parseExpression } from '../spl/expression/parser.ts';
import { integerOption, parseArguments } from '../spl/arguments.ts';
import type { CoreCommand } from './command.ts';
import { failIn, keepRows, perBatch, reading } from './command.ts';

export const evaluate: CoreCommand = {
  name: 'eval',
  prepare(args) {
    const assignments = reading('eval', () => {
      const found = parseAssignments(args);
      for (const { expression } of found) checkExpression(expression);
      return found;
    });
    return perBatch((batch) => {
      let result: Batch = batch;
      for (const { name, expression } of assignments) {
        const value = bind(expression, result);
        const cells = new Array<Cell>(result.rows);
        for (let row = 0; row < result.rows; row++) cells[row] = toCell(value(row));
        result = result.with([[name, cells]]);
      }
      return result;
    });
  },
};

export const where: CoreCommand = {
  name: 'where',
  prepare(args) {
    if (args.trim() === '') failIn('where', 'a condition is needed.');
    const condition = reading('where', () => {
      const expression = parseExpression(args);
      checkExpression(expression);
      return expression;
    });
    return perBatch((batch) => {
      const holds = bind(condition, batch);
      return keepRows(batch, (row) => holds(row) === true);
    });
  },
};

/** Fields from the named groups of a regular expression. */
export const rex: CoreCommand = {
  name: 'rex',
  prepare(args) {
    const { options, words } = parseArguments(args, ['field', 'max_match', 'mode', 'offset_field']);
    if (options.get('mode'))
      failIn('rex', 'mode=sed is not something the sandbox can do; use eval with replace().');
    const source = /"((?:[^"\\]|\\.)*)"\s*$/s.exec(args)?.[1] ?? words[0]?.text;
    if (!source) failIn('rex', 'a regular expression in quotes is needed.');
    const field = options.get('field') ?? '_raw';
    const most = integerOption('rex', 'max_match', options.get('max_match') ?? '1');
    const regex = reading('rex', () => pattern(source.replace(/\\"/g, '"'), 'gu'));
    return perBatch((batch) => {
      const names = [...source.matchAll(/\(\?P?<([A-Za-z_]\w*)>/g)].map((match) => match[1]);
      const found = new Map(names.map((name) => [name, [...batch.cells(name)]]));
      for (const [row, cell] of batch.cells(field).entries()) {
        if (cell === null) continue;
        const text = typeof cell === 'string' ? cell : cell.join('\n');
        const matches = [...text.matchAll(regex)].slice(0, most === 0 ? undefined : most);
        for (const name of names) {
          const values = matches
            .map((match) => match.groups?.[name])
            .filter((v): v is string => v !== undefined);
          if (values.length > 0) found.get(name)![row] = values.length === 1 ? values[0] : values;
        }
      }
      return batch.with(found);
    });
  },
};
