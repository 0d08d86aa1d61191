import { mlflowFound } from '../../splunk_app/src/commands/head/health-registry.ts';

it('says in words whether fits arrive in MLflow', () => {
  expect(mlflowFound('off', 0, 0)).toMatch(/Kepler's own registry alone/);
  expect(mlflowFound('', 0, 0)).toMatch(/earlier release/);
  expect(mlflowFound('ok', 0, 0)).toBe('Fits arrive. None waits. None was refused.');
  expect(mlflowFound('ok', 1, 0)).toMatch(/1 fit waits\./);
  expect(mlflowFound('MLflow cannot be asked.', 7, 0)).toMatchObject({
    message: 'Fits do not arrive: MLflow cannot be asked. 7 fits wait.',
    attention: expect.stringContaining('KEPLER_MLFLOW_URL'),
  });
  expect(mlflowFound('ok', 0, 2)).toMatchObject({
    message: expect.stringContaining('refused 2 fits for good'),
    attention: expect.stringContaining('mlflow/failed'),
  });
});
