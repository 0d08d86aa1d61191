"""Tail probabilities by scipy, as [function, arguments, value].

    python test/goldens/score/make_distributions.py
"""

import json
import pathlib
import sys
import random

from scipy import special, stats

random.seed(20261121)
points = []


def add(name, arguments, value):
    points.append([name, arguments, float(f"{float(value):.14g}")])


def digits(value):
    return float(f"{value:.6g}")


for turn in range(12):
    z = digits(random.uniform(-12, 12))
    add("normalCdf", [z], stats.norm.cdf(z))
    df, t = digits(10 ** random.uniform(0, 5)), digits(10 ** random.uniform(-3, 1.3))
    add("studentTwoSided", [t, df], 2 * stats.t.sf(t, df))
    d1, d2, f = random.choice([1, 2, 7, 200]), round(10 ** random.uniform(0, 5)), digits(10 ** random.uniform(-3, 1.2))
    add("fisherSf", [f, d1, d2], stats.f.sf(f, d1, d2))
    k = digits(10 ** random.uniform(-1, 4))
    x = digits(k * 10 ** random.uniform(-0.5, 0.3))
    add("chiSquareSf", [x, k], stats.chi2.sf(x, k))
    add("chiSquareCdf", [x, k], stats.chi2.cdf(x, k))
    x = digits(random.uniform(0.2, 5))
    add("kolmogorovLimitSf", [x], stats.kstwobign.sf(x))
    # The largest are few: the exact sum has a term a value.
    large = [random.randint(100_001, 120_000)] if turn < 3 else []
    for n in (random.randint(2, 140), random.randint(141, 3000), *large):
        d = digits(min(1, random.uniform(0.3, 3) / n**0.5))
        add("smirnovSf", [n, d], special.smirnov(n, d))
        add("kolmogorovSf", [n, d], stats.kstwo.sf(d, n))

lines = ",\n".join(json.dumps(point) for point in points)
target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "distributions.json"
target.write_text(f"[\n{lines}\n]\n")
print(len(points), "points")
