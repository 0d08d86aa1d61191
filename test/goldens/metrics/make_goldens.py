"""Metrics by scikit-learn, under the names that `calculate…Metrics` give them.

Run with the Python that has scikit-learn 1.9:
    python test/goldens/metrics/make_goldens.py
"""

import json
import math
import pathlib
import sys
import warnings

import numpy as np
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261121)
AVERAGES = ("macro", "micro", "weighted")


def number(value):
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def numbers(values):
    return [number(v) for v in values]


def r(values, digits=3):
    return np.round(np.asarray(values, dtype=float), digits)


# --- regression -----------------------------------------------------------------------------------------------------
regression = []


def regress(name, y, p, w=None, alpha=0.5):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    k = {"sample_weight": w}
    values = {
        "r2": m.r2_score(y, p, **k),
        "explained_variance": m.explained_variance_score(y, p, **k),
        "mse": m.mean_squared_error(y, p, **k),
        "rmse": m.root_mean_squared_error(y, p, **k),
        "mae": m.mean_absolute_error(y, p, **k),
        "median_absolute_error": m.median_absolute_error(y, p, **k),
        "max_error": m.max_error(y, p),
        "mape": m.mean_absolute_percentage_error(y, p, **k),
        "pinball_loss": m.mean_pinball_loss(y, p, alpha=alpha, **k),
        "d2_absolute_error": m.d2_absolute_error_score(y, p, **k),
    }
    if (y >= 0).all() and (p >= 0).all():
        values["msle"] = m.mean_squared_log_error(y, p, **k)
        values["rmsle"] = m.root_mean_squared_log_error(y, p, **k)
    regression.append({
        "name": name, "actual": numbers(y), "predicted": numbers(p), "alpha": alpha,
        **({"weights": numbers(w)} if w is not None else {}),
        "values": {key: number(v) for key, v in values.items()},
    })


y = r(rng.gamma(2, 20, 41))
p = r(np.abs(y + rng.normal(0, 6, 41)))
w = r(rng.random(41) * 3, 2)
regress("positive", y, p)
regress("weights", y, p, w, alpha=0.9)
regress("whole weights, some 0", y, p, rng.integers(0, 3, 41))
regress("negative too", r(rng.normal(0, 5, 40)), r(rng.normal(0, 5, 40)), alpha=0.1)
regress("far from 0", r(1e9 + rng.normal(0, 1, 50)), r(1e9 + rng.normal(0, 1, 50)))
regress("zeros among the actual", rng.integers(0, 3, 30), r(rng.random(30) * 3))
regress("constant, missed", [4.0] * 6, [4, 4, 4, 4, 4, 5])
regress("constant, hit", [4.0] * 6, [4.0] * 6)
regress("perfect", y, y)
regress("two rows", [1, 3], [2, 2], [1, 2])

# --- classes --------------------------------------------------------------------------------------------------------
classification = []


def averaged(y, p, labels, name, **k):
    out = {}
    for key, function in (("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)):
        out[f"{key}{name}"] = function(y, p, labels=labels, **k)
    k = {**k, "zero_division": 0 if math.isnan(k["zero_division"]) else k["zero_division"]}
    out[f"jaccard{name}"] = m.jaccard_score(y, p, labels=labels, **k)
    return out


def classify(name, y, p, labels=None, w=None, average=None, pos=None, zero=0, beta=None, proba=None, multi=None):
    """`proba`: rows by class; of two classes one column."""
    y, p = np.asarray(y), np.asarray(p)
    every = sorted(set(y.tolist()) | set(p.tolist()) | set(labels or []))
    k = {"sample_weight": w, "zero_division": zero}
    which = average or ("binary" if len(every) <= 2 else "weighted")
    positive = every[-1] if pos is None else pos
    binary = {"pos_label": positive} if which == "binary" else {}
    chosen = None if which == "binary" else every
    skip_jaccard = math.isnan(zero)
    values = {
        "accuracy": m.accuracy_score(y, p, sample_weight=w),
        "balanced_accuracy": m.balanced_accuracy_score(y, p, sample_weight=w),
        "matthews_corrcoef": m.matthews_corrcoef(y, p, sample_weight=w),
        "cohen_kappa": m.cohen_kappa_score(y, p, sample_weight=w),
        "hamming_loss": m.hamming_loss(y, p, sample_weight=w),
    }
    values.update(averaged(y, p, chosen, "", average=which, **binary, **k))
    for each in AVERAGES:
        values.update(averaged(y, p, every, f"_{each}", average=each, **k))
    if beta is not None:
        values["fbeta"] = m.fbeta_score(y, p, beta=beta, average=which, labels=chosen, **binary, **k)
    parts = m.precision_recall_fscore_support(y, p, labels=every, average=None, **k)
    case = {"name": name, "actual": y.tolist(), "predicted": p.tolist(), "zero": number(zero)}
    for key, value in (("labels", labels), ("average", average), ("pos", pos), ("beta", beta), ("multi", multi)):
        if value is not None:
            case[key] = value
    if w is not None:
        case["weights"] = numbers(w)
    if proba is not None:
        proba = np.asarray(proba)
        case["proba"] = [numbers(c) for c in (proba.T if proba.ndim == 2 else [proba])]
        two = proba.ndim == 1
        full = np.stack([1 - proba, proba], axis=1) if two else proba
        if two and every.index(positive) == 0:
            full = full[:, ::-1]
        s = {"sample_weight": w}
        values["log_loss"] = m.log_loss(y, full, labels=every, **s)
        truth = np.stack([(y == c).astype(int) for c in every], axis=1)
        if two:
            values["brier_score"] = m.brier_score_loss(y == positive, proba, **s)
            values["roc_auc"] = m.roc_auc_score(y == positive, proba, **s)
            values["average_precision"] = m.average_precision_score(y == positive, proba, **s)
        else:
            values["brier_score"] = m.brier_score_loss(y, proba, labels=every, **s)
            how = {"multi_class": multi or "ovr", "labels": every, **({} if multi == "ovo" else s)}
            for each in ("macro", "weighted"):
                values[f"roc_auc_{each}"] = m.roc_auc_score(y, proba, average=each, **how)
                values[f"average_precision_{each}"] = m.average_precision_score(truth, proba, average=each, **s)
            case["micro"] = {
                "roc_auc": number(m.roc_auc_score(truth, proba, average="micro", **s)),
                "average_precision": number(m.average_precision_score(truth, proba, average="micro", **s)),
            }
            case["top2"] = number(m.top_k_accuracy_score(y, proba, k=2, labels=every, **s))
    if skip_jaccard:
        values = {key: v for key, v in values.items() if not key.startswith("jaccard")}
    case["values"] = {key: number(v) for key, v in values.items()}
    case["classes"] = [
        {"class": str(c), "precision": number(a), "recall": number(b), "f1": number(f), "support": number(s)}
        for c, a, b, f, s in zip(every, *parts)
    ]
    case["confusion"] = [numbers(row) for row in m.confusion_matrix(y, p, labels=every, sample_weight=w)]
    case["kappa"] = {
        how: number(m.cohen_kappa_score(y, p, weights=how, sample_weight=w)) for how in ("linear", "quadratic")
    }
    classification.append(case)


truth = rng.integers(0, 2, 53)
guess = np.where(rng.random(53) < 0.75, truth, 1 - truth)
tied = np.clip(r(truth * 0.3 + rng.random(53) * 0.7, 1), 0, 1)
weights = r(rng.random(53) * 2, 2)
some = rng.integers(0, 3, 53)
yes = np.array(["no", "yes"])
classify("0 and 1", truth, guess, proba=tied)
classify("0 and 1, weights", truth, guess, w=weights, proba=tied, beta=2)
classify("0 and 1, weights of 0", truth, guess, w=some, proba=tied, average="macro")
classify("text, the other class positive", yes[truth], yes[guess], pos="no", beta=0.5, proba=tied)
classify("micro of two", yes[truth], yes[guess], average="micro")
classify("nothing predicted as positive", truth, truth * 0)
classify("nothing predicted as positive, 1", truth, truth * 0, zero=1)
classify("nothing predicted as positive, NaN", truth, truth * 0, zero=float("nan"))
classify("minus one and one", truth * 2 - 1, guess * 2 - 1)
classify("one class", [1] * 5, [1] * 5, labels=[0, 1])

names = np.array(["Ärger", "東京", "zebra", "🦊 fox"])
multi = rng.integers(0, 4, 80)
maybe = np.where(rng.random(80) < 0.6, multi, rng.integers(0, 4, 80))
shares = rng.dirichlet([0.7] * 4, 80)
shares[np.arange(80), multi] += 0.4
shares = np.array([rng.multinomial(20, row / row.sum()) for row in shares]) / 20
heavy = r(rng.random(80) * 2, 2)
classify("four, Unicode", names[multi], names[maybe], proba=shares)
classify("four, weights", names[multi], names[maybe], w=heavy, proba=shares, average="macro", beta=3)
classify("four, pairs", names[multi], names[maybe], proba=shares, multi="ovo")
classify("a class only predicted", np.where(multi == 3, 0, multi), maybe, average="weighted")
classify("a class only predicted, NaN", np.where(multi == 3, 0, multi), maybe, zero=float("nan"), average="macro")
classify("a class never predicted", multi, np.where(maybe == 2, 0, maybe), average="micro", zero=1)
classify("numbers of two digits", multi * 7 + 5, maybe * 7 + 5)

# --- curves ---------------------------------------------------------------------------------------------------------
curves = []


def curve(name, y, s, w=None, bins=10):
    fpr, tpr, thresholds = m.roc_curve(y, s, sample_weight=w)
    precision, recall, at = m.precision_recall_curve(y, s, sample_weight=w)
    case = {
        "name": name, "actual": np.asarray(y).tolist(), "scores": numbers(s), "bins": bins,
        "roc": {"fpr": numbers(fpr), "tpr": numbers(tpr), "thresholds": numbers(thresholds)},
        "pr": {"precision": numbers(precision), "recall": numbers(recall), "thresholds": numbers(at)},
    }
    if w is not None:
        case["weights"] = numbers(w)
    elif np.min(s) >= 0 and np.max(s) <= 1:
        observed, predicted = calibration_curve(y, s, n_bins=bins)
        case["calibration"] = {"observed": numbers(observed), "predicted": numbers(predicted)}
    curves.append(case)


curve("tenths, on the bins' edges", truth, tied)
curve("five bins", truth, tied, bins=5)
curve("weights of 0", truth, tied, w=some)
curve("any numbers", truth, r(rng.normal(0, 3, 53), 2))

# --- clusters -------------------------------------------------------------------------------------------------------
clustering = []


def cluster(name, found, truth=None, features=None):
    case = {"name": name, "clusters": np.asarray(found).tolist()}
    values = {}
    if truth is not None:
        case["truth"] = np.asarray(truth).tolist()
        h, c, v = m.homogeneity_completeness_v_measure(truth, found)
        values.update({
            "rand": m.rand_score(truth, found),
            "adjusted_rand": m.adjusted_rand_score(truth, found),
            "mutual_info": m.mutual_info_score(truth, found),
            "normalized_mutual_info": m.normalized_mutual_info_score(truth, found),
            "adjusted_mutual_info": m.adjusted_mutual_info_score(truth, found),
            "homogeneity": h, "completeness": c, "v_measure": v,
            "fowlkes_mallows": m.fowlkes_mallows_score(truth, found),
        })
    if features is not None:
        case["features"] = [numbers(column) for column in np.asarray(features).T]
        values.update({
            "silhouette": m.silhouette_score(features, found),
            "davies_bouldin": m.davies_bouldin_score(features, found),
            "calinski_harabasz": m.calinski_harabasz_score(features, found),
        })
    case["values"] = {key: number(v) for key, v in values.items()}
    clustering.append(case)


three = rng.integers(0, 3, 60)
points = r(three[:, None] * [2.0, -1.0, 0.5] + rng.normal(0, 0.8, (60, 3)))
moved = np.where(rng.random(60) < 0.8, three, rng.integers(0, 4, 60))
cluster("points", moved, three, points)
cluster("noise", np.where(rng.random(60) < 0.1, -1, moved), three, points)
cluster("the same under other names", (three + 1) % 3, three)
cluster("one cluster", np.zeros(12, dtype=int), three[:12])
cluster("one cluster and class", np.zeros(5, dtype=int), np.zeros(5, dtype=int))
cluster("a cluster a row", np.arange(12), three[:12])
cluster("a cluster and a class a row", np.arange(7), np.arange(7))
cluster("by chance", rng.integers(0, 5, 60), three, rng.normal(0, 1, (60, 2)).round(3))
cluster("points that coincide", [0, 0, 1, 1, 1], features=[[1, 1], [1, 1], [2, 0], [2, 0], [2, 0]])

# --- ranked lists ---------------------------------------------------------------------------------------------------
ranking = []


def rank(name, relevance, scores, w=None):
    relevance, scores = np.asarray(relevance), np.asarray(scores, dtype=float)
    k = {"sample_weight": w}
    values = {"ndcg": m.ndcg_score(relevance, scores, **k), "dcg": m.dcg_score(relevance, scores, **k)}
    for n in (1, 3):
        values[f"ndcg_at_{n}"] = m.ndcg_score(relevance, scores, k=n, **k)
    values["map"] = np.average([m.average_precision_score(t > 0, s) for t, s in zip(relevance, scores)], weights=w)
    if ((relevance > 0).sum(axis=1) == 1).all():
        values["mrr"] = m.label_ranking_average_precision_score(relevance > 0, scores, **k)
    for n in (1, 3):
        hits = []
        for t, s in zip(relevance, scores):
            # Ties by their mean over all orders: the share of each tied item that falls into the first n places.
            share = [np.clip(n - (s > x).sum(), 0, (s == x).sum()) / (s == x).sum() for x in s]
            hits.append((np.array(share) * (t > 0)).sum())
        values[f"precision_at_{n}"] = np.average(np.array(hits) / n, weights=w)
        held = (relevance > 0).sum(axis=1)
        values[f"recall_at_{n}"] = np.average(np.array(hits) / np.maximum(held, 1), weights=w)
    ranking.append({
        "name": name, "relevance": relevance.tolist(), "scores": [numbers(s) for s in scores],
        **({"weights": numbers(w)} if w is not None else {}),
        "values": {key: number(v) for key, v in values.items()},
    })


rank("grades", rng.integers(0, 4, (6, 8)), r(rng.random((6, 8))))
rank("ties", rng.integers(0, 3, (6, 7)), rng.integers(0, 3, (6, 7)))
rank("ties, weights", rng.integers(0, 3, (5, 7)), rng.integers(0, 3, (5, 7)), [1, 2, 0, 0.5, 3])
one = np.zeros((5, 6), dtype=int)
one[np.arange(5), rng.integers(0, 6, 5)] = 1
rank("one relevant", one, rng.integers(0, 4, (5, 6)))
nothing = one.copy()
nothing[2] = 0
rank("a list of nothing relevant", nothing, r(rng.random((5, 6))))

target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "goldens.json"
parts = {
    "regression": regression, "classification": classification, "curves": curves,
    "clustering": clustering, "ranking": ranking,
}
lines = ",\n".join(
    f'"{name}": [\n' + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]"
    for name, cases in parts.items()
)
target.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
print({name: len(cases) for name, cases in parts.items()})
