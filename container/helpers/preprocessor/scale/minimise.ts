const GOLDEN = 0.5 * (3 - Math.sqrt(5));

/**
 * Where a function of one variable is least within bounds: golden sections and parabolas (Brent, Algorithms for Minimization
 * without Derivatives, 1973, chapter 5; the steps of SciPy's fminbound).
 */
export function minimise(value: (x: number) => number, low: number, high: number, tolerance: number): number {
  let [a, b] = [low, high];
  let fulc = a + GOLDEN * (b - a);
  let [nfc, xf] = [fulc, fulc];
  let [rat, e] = [0, 0];
  let fx = value(xf);
  let [ffulc, fnfc] = [fx, fx];
  let middle = 0.5 * (a + b);
  const near = Math.sqrt(Number.EPSILON);
  let tol1 = near * Math.abs(xf) + tolerance / 3;
  for (let n = 0; n < 500 && Math.abs(xf - middle) > 2 * tol1 - 0.5 * (b - a); n++) {
    let golden = true;
    if (Math.abs(e) > tol1) {
      let r = (xf - nfc) * (fx - ffulc);
      let q = (xf - fulc) * (fx - fnfc);
      let p = (xf - fulc) * q - (xf - nfc) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = Math.abs(q);
      r = e;
      e = rat;
      if (Math.abs(p) < Math.abs(0.5 * q * r) && p > q * (a - xf) && p < q * (b - xf)) {
        golden = false;
        rat = p / q;
        const x = xf + rat;
        if (x - a < 2 * tol1 || b - x < 2 * tol1) rat = middle >= xf ? tol1 : -tol1;
      }
    }
    if (golden) {
      e = xf >= middle ? a - xf : b - xf;
      rat = GOLDEN * e;
    }
    const x = xf + (rat >= 0 ? 1 : -1) * Math.max(Math.abs(rat), tol1);
    const fu = value(x);
    if (fu <= fx) {
      if (x >= xf) a = xf;
      else b = xf;
      [fulc, ffulc, nfc, fnfc, xf, fx] = [nfc, fnfc, xf, fx, x, fu];
    } else {
      if (x < xf) a = x;
      else b = x;
      if (fu <= fnfc || nfc === xf) [fulc, ffulc, nfc, fnfc] = [nfc, fnfc, x, fu];
      else if (fu <= ffulc || fulc === xf || fulc === nfc) [fulc, ffulc] = [x, fu];
    }
    middle = 0.5 * (a + b);
    tol1 = near * Math.abs(xf) + tolerance / 3;
  }
  return xf;
}
