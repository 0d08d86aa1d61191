"""Records how well scikit-learn's trees, forests and boosting do on held-out rows, over 20 seeds, in quality.json.

Run from the repository's root: python test/goldens/trees/make_goldens.py (data sets in ../shared/data). All of them take
20 minutes; with the beginning of estimators' names as argument only those are made anew, the others stay.
Rows are prepared as Kepler prepares them; splits are fixed: see `held_out`, repeated in test/trees/quality-data.ts.
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd
import sklearn
from sklearn import ensemble, tree

DATA = pathlib.Path("../shared/data")
HERE = pathlib.Path(__file__).parent
SEEDS = range(20)


def held_out(rows):
    """Every row whose number, hashed, falls into the lowest three tenths."""
    return (np.arange(rows, dtype=np.uint64) * 2654435761 % 2**32) / 2**32 < 0.3


def prepared(frame, target):
    """Rows with nulls left out, text of up to 100 values one-hot as field=value, more dropped, columns sorted."""
    frame = frame.replace(r"^\s*$", np.nan, regex=True).dropna().reset_index(drop=True)
    columns = {}
    for name in frame.columns:
        if name == target:
            continue
        numbers = pd.to_numeric(frame[name], errors="coerce")
        if numbers.notna().all():
            columns[name] = numbers.to_numpy(float)
        elif frame[name].nunique() <= 100:
            for level in frame[name].unique():
                columns[f"{name}={level}"] = (frame[name] == level).to_numpy(float)
    names = sorted(columns)
    return np.column_stack([columns[name] for name in names]), frame[target].to_numpy()


def table(name):
    if name == "iris":
        return prepared(pd.read_csv(DATA / "iris.csv"), "species")
    if name == "diamonds":
        frame = pd.read_csv(DATA / "diamonds.csv.gz")
        return prepared(frame[frame.index % 6 == 0], "price")
    if name == "telco":
        return prepared(pd.read_csv(DATA / "telco-churn.csv.gz", dtype=str), "Churn")
    return wide(int(name.removeprefix("wide")))


def wide(features, rows=3000):
    """Uniform features by a linear congruential generator; ten of them matter."""
    state = 12345
    values = np.empty(rows * features)
    for i in range(values.size):
        state = (state * 1664525 + 1013904223) % 2**32
        values[i] = state / 2**32
    x = values.reshape(rows, features)
    score = (
        2 * x[:, 0]
        + 3 * x[:, 1] * x[:, 2]
        - 4 * (x[:, 3] - 0.5) ** 2
        + np.floor(3 * x[:, 4])
        + x[:, 5]
        - 2 * x[:, 6] * x[:, 7]
        + 0.5 * x[:, 8]
        + 0.5 * np.floor(2 * x[:, 9])
    )
    noise = np.zeros(rows)
    for i in range(rows):
        state = (state * 1664525 + 1013904223) % 2**32
        noise[i] = state / 2**32 - 0.5
    return x, score + noise


def nsl_kdd():
    """Normal or attack; trained on KDDTrain+_20Percent (every fourth row), scored on KDDTest+."""
    train = pd.read_csv(DATA / "nsl-kdd/KDDTrain+_20Percent.csv.gz", header=None)
    train = train[train.index % 4 == 0]
    test = pd.read_csv(DATA / "nsl-kdd/KDDTest+.csv.gz", header=None)
    columns = {}
    for c in range(41):
        if c in (1, 2, 3):
            for level in sorted(set(train[c])):
                columns[f"f{c}={level}"] = (train[c] == level, test[c] == level)
        else:
            columns[f"f{c}"] = (train[c], test[c])
    names = sorted(columns)
    features = [np.column_stack([columns[n][i] for n in names]).astype(float) for i in (0, 1)]
    return features[0], (train[41] != "normal").astype(int), features[1], (test[41] != "normal").astype(int)


def split(name):
    if name == "nsl-kdd":
        return nsl_kdd()
    x, y = table(name)
    test = held_out(len(x))
    return x[~test], y[~test], x[test], y[test]


CLASSIFIERS = {
    "DecisionTreeClassifier": lambda seed: tree.DecisionTreeClassifier(
        random_state=seed, max_leaf_nodes=2000, class_weight="balanced"
    ),
    "DecisionTreeClassifier splitter=random": lambda seed: tree.DecisionTreeClassifier(
        random_state=seed, max_leaf_nodes=2000, class_weight="balanced", splitter="random"
    ),
    "RandomForestClassifier": lambda seed: ensemble.RandomForestClassifier(
        random_state=seed, max_leaf_nodes=2000, n_jobs=2
    ),
    "GradientBoostingClassifier": lambda seed: ensemble.GradientBoostingClassifier(random_state=seed),
}
REGRESSORS = {
    "DecisionTreeRegressor": lambda seed: tree.DecisionTreeRegressor(random_state=seed, max_leaf_nodes=2000),
    "DecisionTreeRegressor splitter=random": lambda seed: tree.DecisionTreeRegressor(
        random_state=seed, max_leaf_nodes=2000, splitter="random"
    ),
    "RandomForestRegressor": lambda seed: ensemble.RandomForestRegressor(
        random_state=seed, max_leaf_nodes=2000, n_jobs=2
    ),
    "GradientBoostingRegressor": lambda seed: ensemble.GradientBoostingRegressor(random_state=seed),
}
CASES = [
    ("iris", CLASSIFIERS, False),
    ("telco", CLASSIFIERS, False),
    ("nsl-kdd", CLASSIFIERS, False),
    ("wide30", CLASSIFIERS, True),
    ("wide100", CLASSIFIERS, True),
    ("diamonds", REGRESSORS, False),
    ("wide30", REGRESSORS, False),
    ("wide100", REGRESSORS, False),
]


def main(only=""):
    kept = [] if only == "" else json.loads((HERE / "quality.json").read_text())["cases"]
    goldens = []
    for name, estimators, cut in CASES:
        x, y, x_test, y_test = split(name)
        if cut:
            # Two classes: above the median of the training rows or not.
            middle = np.sort(y)[len(y) // 2]
            y, y_test = (y > middle).astype(int), (y_test > middle).astype(int)
        for estimator, make in estimators.items():
            old = [case for case in kept if (case["data"], case["estimator"]) == (name, estimator)]
            if not estimator.startswith(only) and old:
                goldens += old
                continue
            scores = [float(make(seed).fit(x, y).score(x_test, y_test)) for seed in SEEDS]
            goldens.append(
                {
                    "data": name,
                    "estimator": estimator,
                    "train": len(x),
                    "test": len(x_test),
                    "features": x.shape[1],
                    "min": min(scores),
                    "mean": float(np.mean(scores)),
                    "max": max(scores),
                    "sd": float(np.std(scores)),
                }
            )
            print(goldens[-1], flush=True)
    text = json.dumps({"scikit-learn": sklearn.__version__, "seeds": len(SEEDS), "cases": goldens}, indent=1)
    (HERE / "quality.json").write_text(text + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
