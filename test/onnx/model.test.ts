import type { Preparation } from '../../container/contract/table.ts';
import { linearRegression } from '../../container/estimators/linear-regression.ts';
import { writeModelOnnx } from '../../container/onnx/model.ts';
import { runOnnx } from '../../container/onnx/run.ts';
import { checkModels } from './checker.ts';
import { missingPython } from './python.ts';

const preparation: Preparation = {
  fields: [
    { name: 'variable', kind: 'number' },
    { name: 'size', kind: 'text', levels: ['big', 'sm"all, né'] },
  ],
  columns: [
    { name: 'size=big', field: 'size', kind: 'level', level: 'big' },
    { name: 'size=sm"all, né', field: 'size', kind: 'level', level: 'sm"all, né' },
    { name: 'variable', field: 'variable', kind: 'number' },
  ],
};
const state = {
  features: preparation.columns.map((column) => column.name),
  target: 'y',
  coefficients: Float64Array.of(10, 20, 0.1),
  intercept: 1,
};

test('a model takes fields as they are, and prepares them itself', async () => {
  const model = writeModelOnnx(linearRegression, state, preparation, { name: 'y' })!;
  const outputs = await runOnnx(model, {
    variable: Float64Array.of(1, 2, 3),
    size: ['sm"all, né', 'big', 'never seen'],
  });
  // The field called `variable` keeps its name; the output moves aside.
  expect(Object.keys(outputs)).toEqual(['variable_']);
  expect(outputs.variable_.dims).toEqual([3, 1]);
  expect(outputs.variable_.data).toEqual([21.1, 11.2, 1 + 0.1 * 3]);
});

const missing = missingPython('onnx');
(missing ? test.skip : test)(`onnx.checker accepts it${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const model = writeModelOnnx(linearRegression, state, preparation, { name: 'y' })!;
  expect(() => checkModels([model])).not.toThrow();
  expect(() => checkModels([model.slice(0, 100)])).toThrow();
});
