import type { Cell } from '../table/cell.ts';
import { matchFields, parseArguments, wildcard } from '../spl/arguments.ts';
import type { CoreCommand } from './command.ts';
import { collect, failIn, perBatch } from './command.ts';

export const fields: CoreCommand = {
  name: 'fields',
  prepare(args) {
    const sign = /^\s*([+-])/.exec(args)?.[1];
    const { words } = parseArguments(sign ? args.replace(/^\s*[+-]/, '') : args, []);
    const patterns = words.map((word) => word.text);
    if (patterns.length === 0) failIn('fields', 'at least one field is needed.');
    return perBatch((batch) => {
      const named = matchFields(patterns, batch.fields);
      if (sign === '-') return batch.select(batch.fields.filter((field) => !named.includes(field)));
      const internal = batch.fields.filter((field) => field.startsWith('_') && !named.includes(field));
      return batch.select([...named, ...internal]);
    });
  },
};

export const table: CoreCommand = {
  name: 'table',
  prepare(args) {
    const patterns = parseArguments(args, []).words.map((word) => word.text);
    if (patterns.length === 0) failIn('table', 'at least one field is needed.');
    return perBatch((batch) => {
      const absent = patterns.filter((name) => !name.includes('*') && !batch.has(name));
      const whole = batch.with(absent.map((name) => [name, batch.cells(name)] as const));
      return whole.select(matchFields(patterns, whole.fields));
    });
  },
};

export const rename: CoreCommand = {
  name: 'rename',
  prepare(args) {
    const { words } = parseArguments(args, []);
    const pairs: { test: RegExp; to: string; from: string }[] = [];
    for (let at = 0; at < words.length; at += 3) {
      const [from, as, to] = words.slice(at, at + 3);
      if (!to || as.quoted || as.text.toLowerCase() !== 'as') {
        failIn('rename', `'<field> AS <name>' is expected, not '${args.trim()}'.`);
      }
      const stars = (text: string) => text.split('*').length - 1;
      if (stars(to.text) > stars(from.text)) {
        failIn('rename', `'${to.text}' has more wildcards than '${from.text}'.`);
      }
      pairs.push({ test: wildcard(from.text), from: from.text, to: to.text });
    }
    if (pairs.length === 0) failIn('rename', "'<field> AS <name>' is expected.");
    return perBatch((batch) => {
      const taken = new Set(pairs.map((pair) => pair.to));
      const renamed = new Map<string, string>();
      for (const field of batch.fields) {
        for (const { test, to } of pairs) {
          const match = test.exec(field);
          if (!match) continue;
          let group = 0;
          renamed.set(
            field,
            to.replace(/\*/g, () => match[++group]),
          );
        }
      }
      // A field whose name another one takes is replaced by it.
      const overwritten = batch.fields.filter(
        (f) => !renamed.has(f) && taken.has(f) && [...renamed.values()].includes(f),
      );
      const kept = batch.fields.filter((field) => !overwritten.includes(field));
      return batch.select(kept).rename((field) => renamed.get(field) ?? field);
    });
  },
};

export const fillnull: CoreCommand = {
  name: 'fillnull',
  prepare(args) {
    const { options, words } = parseArguments(args, ['value']);
    const value = options.get('value') ?? '0';
    const named = words.map((word) => word.text);
    const fill = (cells: readonly Cell[]) => cells.map((cell) => cell ?? value);
    if (named.length > 0) {
      return perBatch((batch) => {
        const wanted = matchFields(named, [...batch.fields, ...named.filter((name) => !name.includes('*'))]);
        return batch.with(wanted.map((field) => [field, fill(batch.cells(field))] as const));
      });
    }
    return async function* (input) {
      const batches = await collect(input);
      const all = [...new Set(batches.flatMap((batch) => batch.fields))];
      for (const batch of batches) {
        yield batch.with(all.map((field) => [field, fill(batch.cells(field))] as const));
      }
    };
  },
};

/** Cuts a field's text into values at a delimiter. */
export const makemv: CoreCommand = {
  name: 'makemv',
  prepare(args) {
    const { options, words } = parseArguments(args, ['delim', 'allowempty', 'setsv']);
    const field = words[0]?.text ?? failIn('makemv', 'a field is needed.');
    const delimiter = options.get('delim') ?? ' ';
    const cut = (cell: Cell): Cell => {
      if (typeof cell !== 'string') return cell;
      const values = cell.split(delimiter).filter((value) => value !== '');
      return values.length === 0 ? null : values.length === 1 ? values[0] : values;
    };
    return perBatch((batch) =>
      batch.has(field) ? batch.with([[field, batch.cells(field).map(cut)]]) : batch,
    );
  },
};
