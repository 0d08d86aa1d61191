import type { ClassTarget, Params } from '../../contract/template.ts';
import { classWeights } from '../class-weight.ts';
import type { ForestTarget } from './forest.ts';

/** Classes as a forest learns them: the options `class_weight` and `criterion`, and codes that all threads can see. */
export function forestClasses(target: ClassTarget, params: Params, algorithm: string): ForestTarget {
  const text = String(params.class_weight ?? 'none');
  const eachTree = text.trim().toLowerCase() === 'balanced_subsample';
  return {
    kind: 'classes',
    codes: shared(target.codes),
    weights: classWeights(eachTree ? 'none' : text, target, algorithm),
    balancedEachTree: eachTree,
    measure: params.criterion === 'entropy' || params.criterion === 'log_loss' ? 'entropy' : 'gini',
  };
}

/** A copy that threads share. */
export function shared<A extends Int32Array | Float64Array>(values: A): A {
  const copy =
    values instanceof Int32Array
      ? new Int32Array(new SharedArrayBuffer(values.byteLength))
      : new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy as A;
}
