/** Beyond it e^x is no normal double. */
const FARTHEST: f64 = 708;
const PER_LN2: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
/** 1.5 * 2^52: whoever is added to it is rounded to a whole number, which then stands in its last bits. */
const ROUNDER: f64 = 6755399441055744;

/**
 * e^x of two numbers not beyond ±708, by the steps of fdlibm's `exp`: x = k ln 2 + r, and e^r as a quotient. The plain form
 * takes the same steps, so that both agree to the last bit.
 */
// @ts-ignore: decorator
@inline
function exp(x: v128): v128 {
  const rounded = f64x2.add(f64x2.mul(x, f64x2.splat(PER_LN2)), f64x2.splat(ROUNDER));
  const k = f64x2.sub(rounded, f64x2.splat(ROUNDER));
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH)));
  const low = f64x2.mul(k, f64x2.splat(LN2_LOW));
  const r = f64x2.sub(high, low);
  const square = f64x2.mul(r, r);
  let series = f64x2.splat(4.1381367970572385e-8);
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(-0.0000016533902205465252));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(0.00006613756321437934));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(-0.0027777777777015593));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(0.16666666666666602));
  const c = f64x2.sub(r, f64x2.mul(series, square));
  const quotient = f64x2.div(f64x2.mul(r, c), f64x2.sub(f64x2.splat(2), c));
  const power = f64x2.sub(f64x2.splat(1), f64x2.sub(f64x2.sub(low, quotient), high));
  return f64x2.mul(power, i64x2.add(i64x2.shl(rounded, 52), f64x2.splat(1)));
}

/** Of the last row where rows are odd only the first of two numbers is kept: what lies behind is another thread's. */
// @ts-ignore: decorator
@inline
function keep(at: usize, pair: v128, both: bool): void {
  if (both) v128.store(at, pair);
  else v128.store64_lane(at, pair, 0);
}

/** Class (0 or 1) less the probability of class 1, of the rows from `from` to before `to`. */
export function logisticGradients(scores: usize, classes: usize, gradients: usize, from: i32, to: i32): void {
  const farthest = f64x2.splat(FARTHEST);
  for (let i = from; i < to; i += 2) {
    const at = (<usize>i) << 3;
    const turned = f64x2.min(f64x2.max(f64x2.neg(v128.load(scores + at)), f64x2.neg(farthest)), farthest);
    const probability = f64x2.div(f64x2.splat(1), f64x2.add(f64x2.splat(1), exp(turned)));
    keep(gradients + at, f64x2.sub(v128.load(classes + at), probability), i + 1 < to);
  }
}

/** For each of several classes 1 or 0 less its probability; scores and gradients of a class lie `stride` bytes behind the last's. */
export function softmaxGradients(
  scores: usize, stride: usize, outputs: i32, classes: usize, gradients: usize, from: i32, to: i32,
): void {
  for (let i = from; i < to; i += 2) {
    const at = (<usize>i) << 3;
    const both = i + 1 < to;
    let top = v128.load(scores + at);
    for (let k = 1; k < outputs; k++) top = f64x2.max(top, v128.load(scores + at + <usize>k * stride));
    let sum = f64x2.splat(0);
    for (let k = 0; k < outputs; k++) {
      const below = f64x2.sub(v128.load(scores + at + <usize>k * stride), top);
      const power = exp(f64x2.max(below, f64x2.splat(-FARTHEST)));
      sum = f64x2.add(sum, power);
      keep(gradients + at + <usize>k * stride, power, both);
    }
    const own = v128.load(classes + at);
    for (let k = 0; k < outputs; k++) {
      const place = gradients + at + <usize>k * stride;
      const right = v128.and(f64x2.eq(own, f64x2.splat(<f64>k)), f64x2.splat(1));
      keep(place, f64x2.sub(right, f64x2.div(v128.load(place), sum)), both);
    }
  }
}

/** Of the rows at [start, end): the gradients' sum, and that of p (1 - p), which is |g| (1 - |g|) whatever the class. */
export function newtonSums(gradients: usize, rows: usize, start: i32, end: i32, result: usize): void {
  let sum: f64 = 0;
  let curvature: f64 = 0;
  for (let i = start; i < end; i++) {
    const gradient = load<f64>(gradients + ((<usize>load<u32>(rows + ((<usize>i) << 2))) << 3));
    const size = abs<f64>(gradient);
    sum += gradient;
    curvature += size * (1 - size);
  }
  store<f64>(result, sum);
  store<f64>(result, curvature, 8);
}
