import { join } from 'node:path';
import { METRICS } from '../../container/contract/catalogue/model-nouns.ts';
import { fieldsOf } from '../../container/contract/catalogue/usage.ts';
import { EVALUATION_FILE, encodeEvaluation } from '../../container/helpers/metrics/evaluation.ts';
import type { Evaluation } from '../../container/helpers/metrics/evaluation.ts';
import { Registry } from '../../container/registry/registry.ts';
import { DRAFT, FILES, ID } from '../registry/fixtures.ts';
import { ask, authorized, startWorld } from './harness.ts';
import type { World } from './harness.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const registry = new Registry(join(world.home, 'models'));
  const files = { ...FILES, [EVALUATION_FILE]: encodeEvaluation(EVALUATION) };
  const metrics = { f1: 0.5, log_loss: 0.3 };
  await registry.create(ID, { ...DRAFT, metrics }, FILES, { promote: true });
  await registry.create(ID, { ...DRAFT, metrics, measuredOn: 'holdout' }, files, { promote: true });
});
afterAll(() => world.end());

/** One of everything, so that every plot has rows. */
const EVALUATION: Evaluation = {
  format: 1,
  measuredOn: 'holdout',
  rows: 4,
  confusion: { classes: ['no', 'yes'], cells: [[0, 1, 4]], left: 0 },
  curves: [
    {
      class: 'yes',
      prevalence: 0.5,
      roc: [[null, 0, 0]],
      pr: [[0.25, 1, 0.5]],
      calibration: [[1, 0.05, 0, 4]],
    },
  ],
  predicted: { low: 0, step: 0.5, cells: [[0, 1, 4]] },
  residuals: [[0, 1, 4, -2, -1, 0, 1, 2]],
  importance: [['x', 0.75, null]],
  coefficients: { standardised: true, rows: [['yes', 'x', 2]], left: 0 },
};

async function read(name: string, options = {}) {
  const headers = { ...authorized(await world.head.token()), 'content-type': 'application/json' };
  const body = JSON.stringify({ noun: 'metrics', name, options });
  return ask(world.url('unix'), '/v1/read', { headers, body });
}

test('metrics say which way they are better, which is the main one, and what they were measured on', async () => {
  const { json } = await read('iris@2');
  expect(json.rows).toEqual([
    ['2', 'f1', '0.5', 'higher', 'true', 'holdout'],
    ['2', 'log_loss', '0.3', 'lower', 'false', 'holdout'],
  ]);
  expect((await read('iris@1')).json.rows[0][5]).toBe('training');
});

test.each([
  ['confusion', ['no', 'yes', '4']],
  ['roc', ['yes', null, '0', '0']],
  ['pr', ['yes', '0.25', '1', '0.5', '0.5']],
  ['calibration', ['yes', '1', '0.05', '0', '4']],
  ['predicted', ['0', '0.5', '0.5', '1', '4']],
  ['residuals', ['0', '1', '4', '-2', '-1', '0', '1', '2']],
  ['importance', ['x', '0.75', null]],
  ['coefficients', ['yes', 'x', '2']],
])('plot=%s has the fields that the catalogue names', async (plot, row) => {
  const { json } = await read('iris', { plot });
  expect(json.fields).toEqual(fieldsOf(METRICS, { plot }).map(({ name }) => name));
  expect(json.rows).toEqual([row]);
});

test('plots lists them', async () => {
  const { json } = await read('iris', { plots: 't' });
  expect(json.fields).toEqual(fieldsOf(METRICS, { plots: 't' }).map(({ name }) => name));
  expect(json.rows.map(([name]: string[]) => name)).toEqual([
    'confusion',
    'roc',
    'pr',
    'calibration',
    'predicted',
    'residuals',
    'importance',
    'coefficients',
  ]);
});

test('a version of before pictures were kept is readable and says so', async () => {
  const list = await read('iris@1', { plots: 't' });
  expect(list.json.rows).toEqual([]);
  expect(list.json.messages[0].text).toMatch(/^Not measured: /);
  const { status, json } = await read('iris@1', { plot: 'roc' });
  expect(status).toBe(400);
  expect(json.error.message).toMatch(/no plot "roc"; it has none. Not measured: /);
});
