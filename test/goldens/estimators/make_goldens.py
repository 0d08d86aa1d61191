"""Writes goldens.json beside this file: what scikit-learn makes of the data sets that test/estimators/goldens.test.ts fits.

Run from the repository's root with the Python of .kepler/venv/golden. Data sets are read from ../shared/data; synthetic
ones come from the generator `lcg`, which the test repeats, so that no data needs to be kept.
"""
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, r2_score
from sklearn.preprocessing import RobustScaler, StandardScaler

DATA = Path("../shared/data")


def lcg(seed, count):
    """The same numbers in [0, 1) as `lcg` in the test: x = (1664525 x + 1013904223) mod 2^32."""
    out = np.empty(count)
    x = seed
    for i in range(count):
        x = (1664525 * x + 1013904223) % 4294967296
        out[i] = x / 4294967296
    return out


def matrix(seed, rows, columns):
    return lcg(seed, rows * columns).reshape(columns, rows).T


def prepared(frame, target):
    """As Kepler prepares: rows with nulls left out, text one-hot as field=value, over 100 values dropped, sorted by name."""
    frame = frame.dropna()
    columns = {}
    for name in frame.columns:
        if name == target:
            continue
        if pd.api.types.is_numeric_dtype(frame[name]):
            columns[name] = frame[name].to_numpy(float)
        elif frame[name].nunique() <= 100:
            for level in sorted(frame[name].unique()):
                columns[f"{name}={level}"] = (frame[name] == level).to_numpy(float)
    names = sorted(columns)
    return names, np.column_stack([columns[n] for n in names]), frame[target].to_numpy()


def telco():
    frame = pd.read_csv(DATA / "telco-churn.csv.gz", skipinitialspace=True)
    frame["TotalCharges"] = pd.to_numeric(frame["TotalCharges"], errors="coerce")
    return frame


def floats(values):
    return [float(v) for v in np.asarray(values).ravel()]


def linear(model, X, y):
    model.fit(X, y)
    return {
        "coefficients": floats(model.coef_),
        "intercept": float(model.intercept_),
        "r2": float(r2_score(y, model.predict(X))),
        "first": floats(model.predict(X[:5])),
    }


def logistic(X, y, class_weight="balanced", fit_intercept=True):
    """Run to tol 1e-12 by Newton's method: the optimum, not where a solver stopped. Over several classes coefficients sum
    to 0 there, which scikit-learn reaches to a few digits less where a column's unit is large."""
    y = np.asarray(y, dtype=str)
    model = LogisticRegression(
        class_weight=class_weight, fit_intercept=fit_intercept, tol=1e-12, max_iter=5000, solver="newton-cholesky"
    )
    model.fit(X, y)
    several = len(model.classes_) > 2
    return {
        "classes": list(model.classes_),
        "coefficients": floats(model.coef_ - several * model.coef_.mean(axis=0)),
        "intercepts": floats(model.intercept_ - several * model.intercept_.mean()),
        "accuracy": float(accuracy_score(y, model.predict(X))),
        "first": floats(model.predict_proba(X[:5])),
    }


def components(X, **how):
    model = PCA(svd_solver="full", **how).fit(X)
    return {
        "components": floats(model.components_),
        "variance": floats(model.explained_variance_),
        "ratio": floats(model.explained_variance_ratio_),
        "singular": floats(model.singular_values_),
        "first": floats(model.transform(X[:5])),
    }


def clusters(X, k):
    model = KMeans(k, n_init=20, random_state=0, tol=0, max_iter=1000).fit(X)
    order = np.lexsort(model.cluster_centers_.T[::-1])
    return {"centres": floats(model.cluster_centers_[order]), "inertia": float(model.inertia_)}


def scaled(X):
    model = StandardScaler().fit(X)
    return {"mean": floats(model.mean_), "var": floats(model.var_), "scale": floats(model.scale_), "first": floats(model.transform(X[:5]))}


def robust(X, **options):
    model = RobustScaler(**options).fit(X)
    return {"centre": floats(model.center_), "scale": floats(model.scale_), "first": floats(model.transform(X[:5]))}


goldens = {"made_with": f"scikit-learn {sklearn.__version__}"}

iris = pd.read_csv(DATA / "iris.csv")
names, X, y = prepared(iris, "species")
goldens["iris"] = {
    "features": names,
    "logistic": logistic(X, y),
    "logistic_plain": logistic(X, y, class_weight=None),
    "logistic_through_zero": logistic(X, y, class_weight=None, fit_intercept=False),
    "logistic_weights": logistic(X, y, class_weight={"setosa": 1, "versicolor": 5, "virginica": 2}),
    "pca": components(X),
    "pca_variance": components(X, n_components=0.95),
    "kmeans": clusters(X, 3),
    "scaler": scaled(X),
    "robust": robust(X),
    "robust_wide": robust(X, quantile_range=(10, 92.5)),
}
names, X, y = prepared(iris.drop(columns="species"), "petal_length")
goldens["iris_petal"] = {"linear": linear(LinearRegression(), X, y), "ridge": linear(Ridge(), X, y)}

diamonds = pd.read_csv(DATA / "diamonds.csv.gz")
names, X, y = prepared(diamonds, "price")
goldens["diamonds"] = {
    "features": names,
    "linear": linear(LinearRegression(), X, y.astype(float)),
    "linear_through_zero": linear(LinearRegression(fit_intercept=False), X, y.astype(float)),
    "ridge": linear(Ridge(alpha=10), X, y.astype(float)),
    "pca": components(X, n_components=5),
    "scaler": scaled(X),
    "robust": robust(X),
    "robust_wide": robust(X, quantile_range=(10, 92.5)),
}
names, X, y = prepared(diamonds, "cut")
goldens["diamonds_cut"] = {"features": names, "logistic": logistic(X, y)}

names, X, y = prepared(telco(), "Churn")
goldens["telco"] = {"features": names, "logistic": logistic(X, y), "logistic_plain": logistic(X, y, class_weight=None)}

for width in (30, 100):
    X = matrix(width, 400, width)
    beta = np.arange(1, width + 1) / width
    y = X @ beta + lcg(7, 400)
    goldens[f"wide_{width}"] = {
        "linear": linear(LinearRegression(), X, y),
        "ridge": linear(Ridge(alpha=0.1), X, y),
        "logistic": logistic(X, np.where(y > np.median(y), "high", "low")),
        "logistic_three": logistic(X, np.digitize(y, np.quantile(y, [1 / 3, 2 / 3]))),
        "pca": components(X, n_components=3),
    }

X = matrix(3, 200, 4)
X = np.column_stack([X, X[:, 0] + 2 * X[:, 1], np.full(200, 5.0), 3 * X[:, 2]])
y = X @ np.array([1, 2, 3, 4, 0.5, 0, 0]) + lcg(8, 200)
goldens["collinear"] = {"linear": linear(LinearRegression(), X, y), "ridge": linear(Ridge(), X, y), "pca": components(X, n_components=4)}

X = matrix(4, 300, 5) * np.array([1e-3, 1e-1, 1, 1e2, 1e3]) + np.array([0, 1e2, 1e4, 1e6, -1e5])
y = X @ np.array([1e3, 10, 1, 1e-2, 1e-3]) + lcg(9, 300)
goldens["scales"] = {
    # tol=0: scikit-learn would else leave out columns whose unit makes them small
    "linear": linear(LinearRegression(tol=0), X, y),
    "ridge": linear(Ridge(alpha=0.01, solver="svd"), X, y),
    "scaler": scaled(X),
    "robust": robust(X),
    "robust_wide": robust(X, quantile_range=(10, 92.5)),
}

X = matrix(5, 20, 40)
y = X[:, 0] + lcg(10, 20)
goldens["fewer_rows_than_features"] = {"linear": linear(LinearRegression(), X, y), "ridge": linear(Ridge(), X, y), "pca": components(X, n_components=6)}

X = matrix(6, 600, 3) + np.repeat(np.array([[0, 0, 0], [5, 0, 0], [0, 5, 0], [0, 0, 5], [5, 5, 5], [9, 0, 9]]), 100, axis=0)
goldens["blobs"] = {"kmeans": clusters(X, 6)}

target = Path(__file__).with_name("goldens.json") if len(sys.argv) < 2 else Path(sys.argv[1])
target.write_text(json.dumps(goldens, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print(f"{target}: {target.stat().st_size} bytes")
