/**
 * P(D <= d) for large n by the series of Pelz and Good (J. R. Stat. Soc. B 38, 1976) to the order n^-3/2, in the form for
 * which its theta functions converge fast.
 */
export function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const pi2 = Math.PI ** 2;
  const decay = -pi2 / (8 * z2);
  if (decay < -708) return 0;
  const terms = Math.ceil((16 * z) / Math.PI);
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  for (let k = terms; k >= 1; k--) {
    const m2 = (2 * k - 1) ** 2;
    const weight = Math.exp(decay * m2);
    const u = pi2 * m2;
    k0 += weight;
    k1 += weight * (u / 4 - z2);
    k2 +=
      weight * (6 * z2 ** 3 + 2 * z2 ** 2 + (u * (2 * z2 ** 2 - 5 * z2)) / 4 + (u * u * (1 - 2 * z2)) / 16);
    k3 +=
      weight *
      (-30 * z2 ** 3 -
        90 * z2 ** 4 +
        (u * (135 * z2 ** 2 - 96 * z2 ** 3)) / 4 +
        (u ** 2 * (212 * z2 ** 2 - 60 * z2)) / 16 +
        (u ** 3 * (5 - 30 * z2)) / 64);
  }
  let even2 = 0;
  let even3 = 0;
  for (let k = terms; k >= 1; k--) {
    const u = pi2 * k * k;
    const weight = Math.exp((-u / z2) * 0.5);
    even2 += u * weight;
    even3 += u * (3 * z2 - u) * weight;
  }
  const root = Math.sqrt(2 * Math.PI);
  const order0 = (root / z) * k0;
  const order1 = (root / (6 * z2 ** 2)) * k1;
  const order2 = (root / (72 * z ** 7)) * k2 - (root / (36 * z ** 3)) * even2;
  const order3 = (root / (6480 * z ** 10)) * k3 + (root / (216 * z ** 6)) * even3;
  return order0 + order1 / Math.sqrt(n) + order2 / n + order3 / n ** 1.5;
}
