import { didYouMean } from '../../container/contract/did-you-mean.ts';

const OPTIONS = ['n_estimators', 'max_depth', 'max_features', 'random_state', 'k'];

test.each([
  ['n_estimator', 'n_estimators'],
  ['max_detph', 'max_depth'],
  ['MAX_DEPTH', 'max_depth'],
  ['randomstate', 'random_state'],
  ['max_feature', 'max_features'],
  ['random', 'random_state'],
])('%s means %s', (typed, meant) => {
  expect(didYouMean(typed, OPTIONS)).toBe(meant);
});

test.each(['colour', 'x', '', 'max', 'depth_of_all'])('%s means nothing known', (typed) => {
  expect(didYouMean(typed, OPTIONS)).toBeUndefined();
});
