import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { charts } from '../../../ui/i18n/en/charts.ts';
import { model } from '../../../ui/i18n/en/model.ts';
import { models } from '../../../ui/i18n/en/models.ts';
import { runtimes } from '../../../ui/i18n/en/runtimes.ts';
import { setup } from '../../../ui/i18n/en/setup.ts';
import { shared } from '../../../ui/i18n/en/shared.ts';
import { workbench } from '../../../ui/i18n/en/workbench.ts';
import { charts as esCharts } from '../../../ui/i18n/es/charts.ts';
import { model as esModel } from '../../../ui/i18n/es/model.ts';
import { models as esModels } from '../../../ui/i18n/es/models.ts';
import { runtimes as esRuntimes } from '../../../ui/i18n/es/runtimes.ts';
import { setup as esSetup } from '../../../ui/i18n/es/setup.ts';
import { shared as esShared } from '../../../ui/i18n/es/shared.ts';
import { workbench as esWorkbench } from '../../../ui/i18n/es/workbench.ts';

const PARTS: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[] = [
  ['shared', shared, esShared],
  ['runtimes', runtimes, esRuntimes],
  ['setup', setup, esSetup],
  ['models', models, esModels],
  ['model', model, esModel],
  ['charts', charts, esCharts],
  ['workbench', workbench, esWorkbench],
];
const namesIn = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !path.includes('i18n') ? [path] : [];
  });
}

/** Every text in quotes that stands in a source, wherever: texts are also handed on before they are translated. */
function textsIn(path: string): Set<string> {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true, kind);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe.each(PARTS)('the texts of %s', (_name, english, spanish) => {
  test('are in Spanish too, with the same names in braces', () => {
    const wrong = english.filter(
      (text) => !spanish[text] || namesIn(text).join() !== namesIn(spanish[text]).join(),
    );
    expect(wrong).toEqual([]);
  });

  test('are each there once', () => {
    expect(english.filter((text, at) => english.indexOf(text) !== at)).toEqual([]);
  });
});

test('a text that several pages say is the same in Spanish on each', () => {
  const seen = new Map<string, string>();
  const different = PARTS.flatMap(([, , spanish]) =>
    Object.entries(spanish).filter(([text, translated]) => {
      const before = seen.get(text);
      seen.set(text, translated);
      return before !== undefined && before !== translated;
    }),
  );
  expect(different).toEqual([]);
});

test('no text is kept that no page says', () => {
  const said = new Set(sources('ui').flatMap((path) => [...textsIn(path)]));
  expect(PARTS.flatMap(([, english]) => english.filter((text) => !said.has(text)))).toEqual([]);
});
