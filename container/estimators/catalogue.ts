import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import type { Template } from '../contract/template.ts';
import { kmeans } from './kmeans.ts';
import { linearRegression } from './linear-regression.ts';
import { logisticRegression } from './logistic-regression.ts';
import { pca } from './pca.ts';
import { ridge } from './ridge.ts';
import { robustScaler } from './robust-scaler.ts';
import { standardScaler } from './standard-scaler.ts';
import { decisionTreeClassifier, decisionTreeRegressor } from './trees/decision-tree.ts';
import { gradientBoostingClassifier, gradientBoostingRegressor } from './trees/gradient-boosting.ts';
import { randomForestClassifier, randomForestRegressor } from './trees/random-forest.ts';

/** Every algorithm there is, one line each, by the exact name that a search writes. */
// prettier-ignore
const TEMPLATES: readonly Template[] = [
  linearRegression,
  ridge,
  decisionTreeRegressor,
  randomForestRegressor,
  gradientBoostingRegressor,
  logisticRegression,
  decisionTreeClassifier,
  randomForestClassifier,
  gradientBoostingClassifier,
  kmeans,
  pca,
  standardScaler,
  robustScaler,
];

export const CATALOGUE: ReadonlyMap<string, Template> = frozen(
  new Map(TEMPLATES.map((template) => [template.name, Object.freeze(template)])),
);

/** Object.freeze does not reach what a Map holds. */
function frozen<K, V>(map: Map<K, V>): ReadonlyMap<K, V> {
  const refuse = () => {
    throw new TypeError('The catalogue of algorithms does not change at run time.');
  };
  return Object.freeze(Object.assign(map, { set: refuse, delete: refuse, clear: refuse }));
}

/** What MLTK offers and Kepler does not have yet, so that a carried-over search is told so. */
const NOT_YET: readonly string[] =
  `Lasso ElasticNet KernelRidge SGDRegressor SystemIdentification SVM BernoulliNB GaussianNB MLPClassifier SGDClassifier
  AutoPrediction XMeans GMeans Birch DBSCAN SpectralClustering LocalOutlierFactor OneClassSVM MultivariateOutlierDetection
  DensityFunction IsolationForest FieldSelector KernelPCA ICA TFIDF HashingVectorizer NPR Imputer ARIMA
  StateSpaceForecast ACF PACF`.split(/\s+/);

/** @throws KeplerError unknown_algorithm, with the algorithm that may have been meant and the list of all. */
export function findTemplate(name: string): Template {
  const template = CATALOGUE.get(name);
  if (template) return template;
  const known = [...CATALOGUE.keys()].sort();
  const list = `Algorithms: ${known.join(', ')}.`;
  if (NOT_YET.includes(name)) {
    throw new KeplerError(
      'unknown_algorithm',
      `Algorithm "${name}" is part of the Machine Learning Toolkit, but Kepler does not have it yet. ${list}`,
    );
  }
  const meant = didYouMean(name, [...known, ...NOT_YET]);
  const missing = meant && NOT_YET.includes(meant) ? ' (which Kepler does not have yet)' : '';
  throw new KeplerError(
    'unknown_algorithm',
    `There is no algorithm "${name}".${meant ? ` Did you mean "${meant}"${missing}?` : ''} ${list}`,
  );
}
