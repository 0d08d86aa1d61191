"""Scores by scikit-learn, scipy and statsmodels, in the tables that `score` gives.

Run with the Python that has scikit-learn 1.9, scipy 1.17 and statsmodels 0.15:
    python test/goldens/score/make_goldens.py
"""

import json
import math
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import cdist
from sklearn import metrics
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.tsa.stattools import adfuller, kpss

warnings.simplefilter("ignore")

# Where ranks are tied, wilcoxon asks for its statistic under each of 2**n signs, one after the other; it can take them all.
one_by_one = stats.permutation_test
stats.permutation_test = lambda data, statistic, **options: one_by_one(
    data, lambda signed, axis: statistic(signed), vectorized=True, **options)

rng = np.random.default_rng(20261121)
DATA, CASES = {}, []


def number(value):
    if value is None:
        return None
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    # Eleven digits are enough to compare to 1e-9.
    value = float(f"{value:.11g}")
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def cell(value):
    return value if isinstance(value, str) else number(value)


def case(data, method, a, b, fields, rows, **options):
    CASES.append({
        "data": data, "method": method, "a": a, "b": b,
        "options": {k: v if isinstance(v, str) else str(v) for k, v in options.items()},
        "fields": fields, "rows": [[cell(v) for v in row] for row in rows],
    })


def verdict(p, alpha):
    if math.isnan(p):
        return "No decision"
    return "Reject" if p < alpha else "Fail to reject"


def decided(alpha=0.05):
    return f"Test decision (alpha={alpha})"


# --- data -----------------------------------------------------------------------------------------------------------
def r(values, digits=4):
    return np.round(np.asarray(values, dtype=float), digits)


truth = rng.integers(0, 2, 60)
DATA["binary"] = {
    "y": truth.tolist(), "p": np.where(rng.random(60) < 0.8, truth, 1 - truth).tolist(),
    "q": np.where(rng.random(60) < 0.6, truth, 1 - truth).tolist(),
    "score": r(truth * 0.6 + rng.random(60), 1).tolist(), "fine": r(truth * 0.3 + rng.random(60)).tolist(),
    "negative": [0] * 60, "text": [["no", "yes"][v] for v in truth],
}
names = np.array(["cat", "dog", "emu", "fox"])
multi = rng.integers(0, 3, 80)
DATA["multi"] = {
    "y": names[multi].tolist(),
    "p": names[np.where(rng.random(80) < 0.6, multi, rng.integers(0, 4, 80))].tolist(),
    "same": names[multi].tolist(), "n": (multi * 10 - 5).tolist(),
    "m": (np.where(rng.random(80) < 0.6, multi, rng.integers(0, 3, 80)) * 10 - 5).tolist(),
    "score": r(rng.random(80), 2).tolist(),
}
t = r(rng.normal(10, 5, 70))
DATA["regression"] = {
    "y": t.tolist(), "p": r(t + rng.normal(0, 2, 70)).tolist(), "q": r(t * 0.5 + rng.normal(0, 4, 70)).tolist(),
    "y2": r(t**2 + 1e5).tolist(), "constant": [3.5] * 70, "off": [3.25] * 70, "biased": (t + 3).tolist(),
}
blobs = np.concatenate([rng.normal(c, 1.0, (15, 3)) for c in (0, 3, 7)])
DATA["blobs"] = {
    "label": np.repeat(["a", "b", "c"], 15).tolist(), "lonely": ["z"] + ["a"] * 22 + ["b"] * 22,
    **{f"x{i}": r(blobs[:, i]).tolist() for i in range(3)},
    **{f"b{i}": rng.integers(0, 2, 45).tolist() for i in range(3)},
}


def samples(n, shift=0.4):
    x = r(rng.normal(0, 1, n))
    return {
        "x": x.tolist(), "y": r(rng.normal(shift, 1.3, n)).tolist(), "z": r(rng.gamma(2, 1, n)).tolist(),
        "t1": rng.integers(0, 5, n).tolist(), "t2": rng.integers(0, 6, n).tolist(),
        "near": r(x + rng.normal(0.2, 0.5, n)).tolist(), "far": r(rng.normal(9, 0.1, n)).tolist(),
    }


for n in (6, 8, 9, 13, 14, 25, 50, 51, 120):
    DATA[f"n{n}"] = samples(n)
DATA["n2"] = {"x": [1.5, 2.5], "y": [4.0, 1.0]}
DATA["n3"] = {"x": [1.5, 2.5, 0.5], "y": [4.0, 1.0, 6.5], "z": [0.1, 0.2, 0.4]}
DATA["flat"] = {"c": [2.0] * 20, "d": [3.0] * 20, "x": r(rng.normal(0, 1, 20)).tolist(), "up": list(range(20)),
                "up2": [v * 2.0 + 1 for v in range(20)], "down": [-(v**3) for v in range(20)]}
walk = np.cumsum(rng.normal(0, 1, 150))
ar = np.zeros(150)
for i in range(1, 150):
    ar[i] = 0.5 * ar[i - 1] + rng.normal()
DATA["series"] = {"walk": r(walk).tolist(), "ar": r(ar).tolist(), "trend": r(ar + 0.1 * np.arange(150)).tolist(),
                  "noise": r(rng.normal(5, 2, 150)).tolist()}
DATA["short"] = {"s": r(np.cumsum(rng.normal(0, 1, 30))).tolist()}

# --- classification -------------------------------------------------------------------------------------------------
PAIR = ["Actual field", "Predicted field"]


def col(data, name):
    return np.asarray(DATA[data][name])


def pairs(data, a, b):
    return [(a[0] if len(a) == 1 else a[i], name) for i, name in enumerate(b)]


for data, a, b in [("binary", ["y"], ["p"]), ("binary", ["y"], ["p", "q"]), ("binary", ["y", "p"], ["p", "q"]),
                   ("multi", ["y"], ["p"]), ("multi", ["y"], ["same"]), ("multi", ["n"], ["m"])]:
    for normalize in ("t", "f"):
        case(data, "accuracy_score", a, b, PAIR + ["accuracy_score"],
             [[x, y, metrics.accuracy_score(col(data, x), col(data, y), normalize=normalize == "t")]
              for x, y in pairs(data, a, b)], normalize=normalize)

CLASS = {"precision_score": metrics.precision_score, "recall_score": metrics.recall_score, "f1_score": metrics.f1_score}
for method, f in CLASS.items():
    for data, a, b in [("binary", ["y"], ["p", "q"]), ("binary", ["y"], ["negative"]), ("multi", ["y"], ["p"]),
                       ("multi", ["n"], ["m"]), ("multi", ["y"], ["same"])]:
        for average in ("micro", "macro", "weighted"):
            case(data, method, a, b, PAIR + [method],
                 [[x, y, f(col(data, x), col(data, y), average=average)] for x, y in pairs(data, a, b)], average=average)
        x, y = a[0], b[0]
        labels = np.unique(np.concatenate([col(data, x), col(data, y)]))
        case(data, method, [x], [y], PAIR + [f"scored({v})" for v in labels],
             [[x, y, *f(col(data, x), col(data, y), average=None)]], average="none")
    for pos in ("1", "0"):
        case("binary", method, ["y"], ["p", "q"], PAIR + [method],
             [["y", n, f(col("binary", "y"), col("binary", n), pos_label=int(pos))] for n in ("p", "q")], pos_label=pos)
    case("binary", method, ["text"], ["text"], PAIR + [method], [["text", "text", 1]], pos_label="yes")
    case("binary", method, ["negative"], ["negative"], PAIR + [method], [["negative", "negative", 0]])

for data, a, b in [("binary", "y", "p"), ("multi", "y", "p"), ("multi", "n", "m")]:
    labels = np.unique(np.concatenate([col(data, a), col(data, b)]))
    for beta in ("1", "0.5", "2"):
        p, rc, fb, s = metrics.precision_recall_fscore_support(col(data, a), col(data, b), beta=float(beta))
        case(data, "precision_recall_fscore_support", [a], [b], ["Metric"] + [f"scored({v})" for v in labels],
             [["precision", *p], ["recall", *rc], ["fbeta_score", *fb], ["support", *s]], beta=beta)
        for average in ("micro", "macro", "weighted"):
            p, rc, fb, s = metrics.precision_recall_fscore_support(
                col(data, a), col(data, b), beta=float(beta), average=average)
            case(data, "precision_recall_fscore_support", [a], [b],
                 PAIR + ["precision", "recall", "fbeta_score", "support"], [[a, b, p, rc, fb, s]],
                 beta=beta, average=average)
    case(data, "confusion_matrix", [a], [b], ["Label"] + [f"predicted({v})" for v in labels],
         [[f"actual({v})", *row] for v, row in zip(labels, metrics.confusion_matrix(col(data, a), col(data, b)))])

for score in ("score", "fine", "p"):
    y, s = col("binary", "y"), col("binary", score)
    case("binary", "roc_auc_score", ["y"], [score], PAIR + ["roc_auc_score"],
         [["y", score, metrics.roc_auc_score(y, s)]])
    case("binary", "roc_auc_score", ["text"], [score], PAIR + ["roc_auc_score"],
         [["text", score, metrics.roc_auc_score(y == 0, s)]], pos_label="no")
    for drop in ("t", "f"):
        case("binary", "roc_curve", ["y"], [score], ["fpr", "tpr", "thresholds"],
             zip(*metrics.roc_curve(y, s, drop_intermediate=drop == "t")), drop_intermediate=drop)
case("multi", "roc_auc_score", ["y"], ["score"], PAIR + ["roc_auc_score"],
     [["y", "score", metrics.roc_auc_score(col("multi", "y") == "dog", col("multi", "score"))]], pos_label="dog")
case("binary", "roc_curve", ["negative"], ["score"], ["fpr", "tpr", "thresholds"],
     zip(*metrics.roc_curve(col("binary", "negative"), col("binary", "score"), pos_label=0)), pos_label="0")

# --- regression -----------------------------------------------------------------------------------------------------
REG = {"r2_score": metrics.r2_score, "explained_variance_score": metrics.explained_variance_score,
       "mean_squared_error": metrics.mean_squared_error, "mean_absolute_error": metrics.mean_absolute_error}
for method, f in REG.items():
    for a, b in [(["y"], ["p"]), (["y"], ["p", "q", "biased"]), (["y", "y2"], ["p", "q"]), (["y"], ["y"]),
                 (["constant"], ["constant"]), (["constant"], ["off"]), (["constant"], ["p"]), (["y"], ["constant"])]:
        got = [(x, y, f(col("regression", x), col("regression", y))) for x, y in pairs("regression", a, b)]
        case("regression", method, a, b, PAIR + [method], got)
        case("regression", method, a, b, PAIR + [method], got, multioutput="raw_values")
        Y = np.stack([col("regression", x) for x, _ in pairs("regression", a, b)], axis=1)
        P = np.stack([col("regression", y) for _, y in pairs("regression", a, b)], axis=1)
        averages = ["uniform_average"] + (["variance_weighted"] if "score" in method else [])
        for average in averages:
            case("regression", method, a, b, [method], [[f(Y, P, multioutput=average)]], multioutput=average)
        if method == "r2_score":
            case("regression", method, a, b, [method], [[f(Y, P, multioutput=None)]], multioutput="none")

# --- clustering and distances ---------------------------------------------------------------------------------------
X = np.stack([col("blobs", f"x{i}") for i in range(3)], axis=1)
B = np.stack([col("blobs", f"b{i}") for i in range(3)], axis=1)
NUMERIC = ["euclidean", "cityblock", "l1", "l2", "manhattan", "sqeuclidean", "cosine", "chebyshev", "canberra",
           "braycurtis", "correlation", "hamming", "minkowski", "seuclidean", "mahalanobis"]
BOOLEAN = ["dice", "jaccard", "rogerstanimoto", "russellrao", "sokalsneath", "yule"]
for label in ("label", "lonely"):
    for metric in NUMERIC:
        case("blobs", "silhouette_score", [label], ["x0", "x1", "x2"], ["silhouette_score"],
             [[metrics.silhouette_score(X, col("blobs", label), metric=metric)]], metric=metric)
for metric in NUMERIC + BOOLEAN:
    if metric in ("seuclidean", "mahalanobis"):
        continue
    names = ["b0", "b1", "b2"] if metric in BOOLEAN else ["x0", "x1", "x2"]
    M = (B.astype(bool) if metric in BOOLEAN else X).T
    D = metrics.pairwise_distances(M[:2], M, metric=metric)
    case("blobs", "pairwise_distances", names[:2], names, ["A_field"] + [f"B_field({n})" for n in names],
         [[n, *row] for n, row in zip(names, D)], metric=metric)
    case("blobs", "pairwise_distances", names[:2], names, ["A_field", "B_field", "Distance"],
         [[n, m, D[i][j]] for i, n in enumerate(names[:2]) for j, m in enumerate(names)], metric=metric, output="list")
D = cdist(X.T[:2], X.T, "seuclidean")
case("blobs", "pairwise_distances", ["x0", "x1"], ["x0", "x1", "x2"],
     ["A_field", "B_field(x0)", "B_field(x1)", "B_field(x2)"], [[f"x{i}", *D[i]] for i in range(2)], metric="seuclidean")
for metric, f in [("ks_2samp", lambda x, y: stats.ks_2samp(x, y).statistic),
                  ("wasserstein_distance", stats.wasserstein_distance)]:
    case("blobs", "pairwise_distances", ["x0"], ["x1", "x2"], ["A_field", "B_field(x1)", "B_field(x2)"],
         [["x0", f(X[:, 0], X[:, 1]), f(X[:, 0], X[:, 2])]], metric=metric)

# --- descriptive ----------------------------------------------------------------------------------------------------
DESCRIBED = ["Field", "nobs", "min", "max", "mean", "variance", "skewness", "kurtosis"]
for data, names in [("n25", ["x", "z", "t1"]), ("n3", ["x", "y"]), ("n2", ["x"]), ("flat", ["c", "x"]), ("n120", ["z"])]:
    for ddof, bias in [("1", "t"), ("0", "f"), ("1", "f")]:
        rows = []
        for n in names:
            d = stats.describe(col(data, n), ddof=int(ddof), bias=bias == "t")
            rows.append([n, d.nobs, *d.minmax, d.mean, d.variance, d.skewness, d.kurtosis])
        case(data, "describe", names, [], DESCRIBED, rows, ddof=ddof, bias=bias)
for k in ("0", "1", "2", "3", "4", "7"):
    case("n25", "moment", ["x", "z"], [], ["Field", "moment"],
         [[n, stats.moment(col("n25", n), int(k))] for n in ("x", "z")], moment=k)
CORR = [("n25", "x", "near"), ("n25", "t1", "t2"), ("n120", "x", "y"), ("n3", "x", "y"), ("n120", "x", "near"),
        ("flat", "up", "up2"), ("flat", "up", "down"), ("flat", "x", "c"), ("n51", "z", "t1"), ("n2", "x", "y")]
for data, a, b in CORR:
    p = stats.pearsonr(col(data, a), col(data, b))
    case(data, "pearsonr", [a], [b], ["r", "two-tailed p-value"], [[p.statistic, p.pvalue]])
    if data != "n2":
        s = stats.spearmanr(col(data, a), col(data, b))
        case(data, "spearmanr", [a], [b], ["correlation", "two-tailed p-value"], [[s.statistic, s.pvalue]])
for low, high in [(None, None), (-0.5, None), (None, 0.7), (-1, 1)]:
    limits = {k: v for k, v in (("lower_limit", low), ("upper_limit", high)) if v is not None}
    for n in ("x", "z"):
        if n == "z" and low == -1:
            continue
        case("n50", "tmean", [n], [], ["trimmed-mean"], [[stats.tmean(col("n50", n), (low, high))]], **limits)
        for ddof in (1, 0):
            case("n50", "tvar", [n], [], ["trimmed-variance"],
                 [[stats.tvar(col("n50", n), (low, high), ddof=ddof)]], **limits, ddof=ddof)
for tail in ("left", "right", "both"):
    for cut in (0, 0.1, 0.33):
        f = (lambda v: stats.trimboth(v, cut)) if tail == "both" else (lambda v: stats.trim1(v, cut, tail))
        columns = [np.sort(f(col("n25", n))) for n in ("x", "z")]
        case("n25", "trim", ["x", "z"], [], ["trimmed(x)", "trimmed(z)"], zip(*columns), tail=tail, proportiontocut=cut)

# --- tests ----------------------------------------------------------------------------------------------------------
for data, names in [("n25", ["x", "y", "far"]), ("n2", ["x"]), ("flat", ["c", "x"])]:
    for mean in (0, 0.5, 9):
        for alpha in (0.05, 0.01):
            rows = []
            for n in names:
                t1 = stats.ttest_1samp(col(data, n), mean)
                rows.append([n, t1.statistic, t1.pvalue, verdict(t1.pvalue, alpha)])
            case(data, "ttest_1samp", names, [], ["Field", "statistic", "p-value", decided(alpha)], rows,
                 popmean=mean, alpha=alpha)
TWO = ["A_field", "B_field", "statistic", "p-value", decided()]
for data, a, b in [("n25", ["x"], ["y", "z", "far"]), ("n25", ["x", "y"], ["near", "z"]), ("n2", ["x"], ["y"]),
                   ("flat", ["c"], ["x", "d", "c"]), ("n120", ["x"], ["near", "y"])]:
    for equal in ("t", "f"):
        rows = []
        for x, y in pairs(data, a, b):
            res = stats.ttest_ind(col(data, x), col(data, y), equal_var=equal == "t")
            rows.append([x, y, res.statistic, res.pvalue, verdict(res.pvalue, 0.05)])
        case(data, "ttest_ind", a, b, TWO, rows, equal_var=equal)
    rows = []
    for x, y in pairs(data, a, b):
        res = stats.ttest_rel(col(data, x), col(data, y))
        rows.append([x, y, res.statistic, res.pvalue, verdict(res.pvalue, 0.05)])
    case(data, "ttest_rel", a, b, TWO, rows)
ONE = ["statistic", "p-value", decided()]
for data, names in [("n8", ["x", "z"]), ("n25", ["x", "z", "t1"]), ("n120", ["x", "z"]), ("flat", ["c", "up"]),
                    ("n6", ["x"])]:
    rows = []
    for n in names:
        res = stats.normaltest(col(data, n))
        rows.append([n, res.statistic, res.pvalue, verdict(res.pvalue, 0.05)])
    case(data, "normaltest", names, [], ["Field", *ONE], rows)
for data, names in [("n25", ["x", "y", "near"]), ("n120", ["x", "near"]), ("n25", ["x", "far"]), ("flat", ["c", "d"]),
                    ("flat", ["c", "x"]), ("flat", ["c", "c"]), ("n2", ["x", "y"]), ("regression", ["y", "y2"])]:
    res = stats.f_oneway(*[col(data, n) for n in names])
    case(data, "f_oneway", names, [], ONE, [[res.statistic, res.pvalue, verdict(res.pvalue, 0.05)]])
COUPLES = [("x", "y"), ("x", "near"), ("t1", "t2"), ("x", "far"), ("x", "x"), ("z", "t1")]
for n in (6, 8, 9, 13, 14, 25, 50, 51, 120):
    for a, b in COUPLES:
        data = f"n{n}"
        x, y = col(data, a), col(data, b)
        res = stats.ks_2samp(x, y)
        case(data, "ks_2samp", [a], [b], ONE, [[res.statistic, res.pvalue, verdict(res.pvalue, 0.05)]])
        for alternative in ("two-sided", "less", "greater"):
            for continuity in ("t", "f"):
                if (alternative, continuity) not in (("two-sided", "t"),) and n not in (8, 25):
                    continue
                res = stats.mannwhitneyu(x, y, use_continuity=continuity == "t", alternative=alternative)
                case(data, "mannwhitneyu", [a], [b], ONE, [[res.statistic, res.pvalue, verdict(res.pvalue, 0.05)]],
                     alternative=alternative, use_continuity=continuity)
        if a == b and n > 13:
            continue
        for zero in ("wilcox", "pratt", "zsplit"):
            for correction in ("t", "f"):
                if n not in (14, 25) and correction == "t":
                    continue
                res = stats.wilcoxon(x, y, zero_method=zero, correction=correction == "t")
                case(data, "wilcoxon", [a], [b], ONE, [[res.statistic, res.pvalue, verdict(res.pvalue, 0.05)]],
                     zero_method=zero, correction=correction)
for n in (2, 6, 120):
    for mode in ("approx", "auto", "exact", "asymp"):
        for alternative in ("two-sided", "less", "greater"):
            for name, cdf, args, options in [
                ("x", "norm", (0, 1), {}), ("x", "norm", (0.5, 2), {"loc": 0.5, "scale": 2}),
                ("z", "lognorm", (0.8, 0, 1.5), {"s": 0.8, "scale": 1.5}), ("z", "chi2", (2,), {"df": 2}),
                ("x", "chi2", (3, -4, 1), {"df": 3, "loc": -4}),
            ]:
                if n == 2 and (name == "z" or options) or n > 6 and (mode == "exact" or mode != "auto" and "loc" in options):
                    continue
                res = stats.kstest(col(f"n{n}", name), cdf, args=args, mode=mode, alternative=alternative)
                case(f"n{n}", "kstest", [name], [], ONE, [[res.statistic, res.pvalue, verdict(res.pvalue, 0.05)]],
                     cdf=cdf, mode=mode, alternative=alternative, **options)
for data, a, b in [("n25", "x", "y"), ("n25", "t1", "t2"), ("n120", "x", "far"), ("n2", "x", "y"), ("n6", "x", "x")]:
    case(data, "wasserstein_distance", [a], [b], ["wasserstein_distance"],
         [[stats.wasserstein_distance(col(data, a), col(data, b))]])
    case(data, "energy_distance", [a], [b], ["energy_distance"],
         [[stats.energy_distance(col(data, a), col(data, b))]])

# --- time series ----------------------------------------------------------------------------------------------------
for data, n in [("series", "walk"), ("series", "ar"), ("series", "trend"), ("series", "noise"), ("short", "s")]:
    for regression in ("c", "ct", "ctt", "n"):
        for autolag in ("AIC", "BIC", "t-stat", "none"):
            for maxlag in (10, 3, 0):
                if maxlag != 10 and autolag not in (("none", "t-stat") if maxlag == 3 else ("none",)):
                    continue
                res = adfuller(col(data, n), maxlag=maxlag, regression=regression,
                               autolag=None if autolag == "none" else autolag, result_object=False)
                critical = res[4]
                fields = ["statistic", "p-value", "usedlag", "nobs"] + [f"critical values ({k})" for k in critical]
                row = [res[0], res[1], res[2], res[3], *critical.values()]
                if autolag != "none":
                    fields.append("icbest")
                    row.append(res[5])
                case(data, "adfuller", [n], [], fields + [decided()], [row + [verdict(res[1], 0.05)]],
                     regression=regression, autolag=autolag, maxlag=maxlag)
    for regression in ("c", "ct"):
        for nlags in ("auto", "legacy", 0, 4):
            stat, p, lags, critical = kpss(col(data, n), regression=regression, nlags=nlags)[:4]
            case(data, "kpss", [n], [], ["statistic", "p-value", "lags"] + [f"critical values ({k})" for k in critical]
                 + [decided()], [[stat, p, lags, *critical.values(), verdict(p, 0.05)]], regression=regression, nlags=nlags)

# --- analysis of variance -------------------------------------------------------------------------------------------------
n = 90
DATA["factors"] = {
    "shift": np.array(["day", "evening", "night"])[rng.integers(0, 3, n)].tolist(),
    "site": np.array(["oslo", "Bonn", "\u00e9vora", "rome"])[rng.choice(4, n, p=[0.3, 0.3, 0.2, 0.2])].tolist(),
    "line": rng.integers(1, 4, n).tolist(), "x": r(rng.normal(5, 2, n)).tolist(), "z.w": r(rng.exponential(3, n)).tolist(),
    "load factor": r(rng.random(n)).tolist(),
}
DATA["factors"]["y"] = r(
    np.array(DATA["factors"]["x"]) * 0.7 + (np.array(DATA["factors"]["shift"]) == "night") * 1.5
    + np.array(DATA["factors"]["line"]) * 0.4 + rng.normal(0, 1 + np.array(DATA["factors"]["x"]) / 5, n)).tolist()
factors = pd.DataFrame(DATA["factors"])


def anova_case(formula, fields, rows, **options):
    case("factors", "anova", [], [], fields, rows, formula=formula, **options)


def anova_rows(table):
    return [[name, *(None if math.isnan(v) else v for v in row)] for name, row in zip(table.index, table.to_numpy())]


# Kepler's way to write names that are no Python names, and patsy's.
FORMULAS = [
    ("y ~ x", None), ("y ~ shift", None), ("y ~ C(line) + x", None), ("y~shift*site", None), ("y ~ x + shift + x:shift", None),
    ("y ~ 0 + shift + x", None), ("y ~ shift:site - 1", None), ("y ~ x/shift", None), ("y ~ (shift + C(line) + x)**2", None),
    ("y ~ shift*C(line)*x - shift:C(line):x", None), ("y ~ x:shift + site", None), ("y ~ x + shift:C(line)", None),
    ("y ~ z.w + 'load factor' + shift", "y ~ Q('z.w') + Q('load factor') + shift"),
    ("y ~ x - 1", None), ("y ~ x:z.w + z.w", "y ~ x:Q('z.w') + Q('z.w')"),
]


def plain(text):
    return text.replace("Q('z.w')", "z.w").replace("Q('load factor')", "load factor")


for formula, theirs in FORMULAS:
    fitted = ols(theirs or formula, factors).fit()
    if np.linalg.matrix_rank(fitted.model.exog) < fitted.model.exog.shape[1]:
        raise SystemExit(f"{formula}: columns depend on one another")
    if fitted.get_influence().hat_matrix_diag.max() > 0.99:
        raise SystemExit(f"{formula}: a combination of categories has a single row")
    rename = {name: plain(name) for name in fitted.model.exog_names}
    for typ in (1, 2, 3):
        for robust in (None, "HC0", "HC1", "HC2", "HC3") if typ > 1 else (None,):
            with_robust = {"robust": robust} if robust else {}
            table = anova_lm(fitted, typ=typ, **({"robust": robust.lower()} if robust else {}))
            table.index = [plain(name) for name in table.index]
            anova_case(formula, ["Field", *table.columns], anova_rows(table), type=typ, **with_robust)
    table = anova_lm(fitted)
    variance = fitted.ssr / fitted.df_resid
    for scale in (None, 2.5):
        given = {"scale": scale} if scale else {}
        rows = [[plain(name), df, sq, sq / df, sq / (scale or variance), stats.chi2.sf(sq / (scale or variance), df)]
                for name, df, sq in zip(table.index[:-1], table["df"], table["sum_sq"])]
        last = ["Residual", fitted.df_resid, fitted.ssr, variance]
        front = ["Field", "df", "sum_sq", "mean_sq"]
        anova_case(formula, [*front, "Chisq", "PR(>Chisq)"], [*rows, [*last, None, None]], test="Chisq", **given)
        # Mallows' Cp of each model on the way, as R's anova: what is left, and twice the variance for each column.
        left, used, grown = fitted.ssr + table["sum_sq"].iloc[:-1].sum(), len(fitted.params) - table["df"].iloc[:-1].sum(), []
        for row in rows:
            left, used = left - row[2], used + row[1]
            grown.append([*row[:4], left + 2 * (scale or variance) * used])
        anova_case(formula, [*front, "Cp"], [*grown, [*last, None]], test="Cp", **given)
    anova_case(formula, ["Field", "df", "sum_sq", "mean_sq"], [*(row[:4] for row in rows), last], test="none")
    limits = fitted.conf_int()
    anova_case(
        formula, ["Field", "coef", "standard error", "t-Stat", "p-value", "lower 95%", "upper 95%"],
        [[rename[k], fitted.params[k], fitted.bse[k], fitted.tvalues[k], fitted.pvalues[k], *limits.loc[k]] for k in fitted.params.index],
        output="coefficients")
    anova_case(
        formula, ["R-squared", "Adj. R-squared", "F-statistic", "Prob (F-statistic)", "Log-Likelihood", "AIC", "BIC",
                  "No. Observations", "Df Residuals", "Df Model"],
        [[fitted.rsquared, fitted.rsquared_adj, fitted.fvalue, fitted.f_pvalue, fitted.llf, fitted.aic, fitted.bic,
          fitted.nobs, fitted.df_resid, fitted.df_model]], output="model_accuracy")

target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "scores.json"
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in CASES)
columns = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in DATA.items())
target.write_text(f'{{"data":{{\n{columns}\n}},"cases":[\n{lines}\n]}}\n')
print(len(CASES), "cases")
