import { NOUNS } from '../../container/contract/catalogue/nouns.ts';
import { findVerb } from '../../container/contract/catalogue/verbs.ts';
import { forRuntime, runtimeOf } from '../../splunk_app/src/commands/named-runtime.ts';

const jobs = NOUNS.find(({ name }) => name === 'jobs')!;
const models = NOUNS.find(({ name }) => name === 'models')!;

test('jobs and cancel go to the runtime that is named, which is not told its own name', () => {
  const options = { runtime: 'far', other: '1' };
  expect(runtimeOf(jobs, options)).toBe('far');
  expect(runtimeOf(findVerb('cancel')!, options)).toBe('far');
  expect(runtimeOf(jobs, {})).toBeUndefined();
  expect(runtimeOf(models, options)).toBeUndefined();
  expect(forRuntime({ noun: 'jobs', options })).toEqual({ noun: 'jobs', options: { other: '1' } });
  expect(options).toEqual({ runtime: 'far', other: '1' });
});
