"""Records what scikit-learn predicts where nothing is left to chance, in predictions.json: every loss and every limit.

Run from the repository's root: python test/goldens/trees/make_predictions.py
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from make_goldens import wide
from sklearn import ensemble, tree

HERE = Path(__file__).parent
ROWS = 400
LEAVES = {"max_leaf_nodes": 2000}

# Limits keep leaves large enough that no two splits are equally good: then all of scikit-learn's seeds agree (checked below).
LARGE = {"max_depth": 3, "min_samples_leaf": 15}
REGRESSORS = [
    ("DecisionTreeRegressor", {"max_depth": 4}, {}),
    ("DecisionTreeRegressor", {"min_samples_leaf": 7, "max_leaf_nodes": 20}, {}),
    ("DecisionTreeRegressor", {"min_samples_split": 0.1, "min_weight_fraction_leaf": 0.03}, LEAVES),
    ("DecisionTreeRegressor", {"ccp_alpha": 0.01, "min_samples_leaf": 5}, LEAVES),
    ("GradientBoostingRegressor", {"min_samples_leaf": 5}, {}),
    ("GradientBoostingRegressor", {"loss": "absolute_error", "n_estimators": 2, "max_depth": 2, "min_samples_leaf": 30}, {}),
    ("GradientBoostingRegressor", {"loss": "huber", "alpha": 0.8, "n_estimators": 20, **LARGE}, {}),
    ("GradientBoostingRegressor", {"loss": "quantile", "alpha": 0.7, "n_estimators": 3, **LARGE}, {}),
    ("GradientBoostingRegressor", {"max_leaf_nodes": 8, "learning_rate": 0.3, "n_estimators": 20}, {"max_depth": None}),
    ("GradientBoostingRegressor", {"min_samples_leaf": 5, "n_estimators": 10, "ccp_alpha": 0.002}, {}),
]
CLASSIFIERS = [
    ("DecisionTreeClassifier", 2, dict(LARGE), {"class_weight": "balanced"}),
    ("DecisionTreeClassifier", 4, {"criterion": "entropy", **LARGE}, {"class_weight": "balanced"}),
    ("DecisionTreeClassifier", 3, {"class_weight": "none", **LARGE}, {"class_weight": None}),
    ("DecisionTreeClassifier", 3, {"class_weight": "0:1,1:5", "max_depth": 3}, {"class_weight": {0: 1, 1: 5}}),
    ("GradientBoostingClassifier", 2, {"min_samples_leaf": 15}, {}),
    ("GradientBoostingClassifier", 2, {"loss": "exponential", "min_samples_leaf": 15}, {}),
    ("GradientBoostingClassifier", 3, {"max_leaf_nodes": 6, "n_estimators": 15}, {"max_depth": None}),
]


def fitted(make, given, x, y):
    """The model; fails where another seed gives another one."""
    model = make(random_state=0, **given).fit(x, y)
    # Where the goldens are made afresh to be compared, one other seed has to do.
    for seed in range(1, 6 if len(sys.argv) == 1 else 2):
        other = make(random_state=seed, **given).fit(x, y)
        gap = abs(other.feature_importances_ - model.feature_importances_).max()
        assert gap < 1e-9, f"{make.__name__} {given}: seeds disagree by {gap}"
    return model


def main():
    x, score = wide(12, ROWS)
    x = x.astype(np.float32)
    cases = []
    for name, params, more in REGRESSORS:
        make = getattr(tree if name.startswith("Decision") else ensemble, name)
        model = fitted(make, {**params, **more}, x, score)
        cases.append(
            {
                "estimator": name,
                "params": params,
                "predictions": model.predict(x).tolist(),
                "importances": model.feature_importances_.tolist(),
            }
        )
    for name, classes, params, more in CLASSIFIERS:
        make = getattr(tree if name.startswith("Decision") else ensemble, name)
        cuts = np.sort(score)[[ROWS * k * k // (classes * classes) for k in range(1, classes)]]
        y = np.searchsorted(cuts, score)
        given = {**params, **more}
        if params.get("class_weight") == "none":
            given["class_weight"] = None
        model = fitted(make, given, x, y)
        cases.append(
            {
                "estimator": name,
                "classes": classes,
                "params": params,
                "predictions": model.predict_proba(x)[:, -1].tolist(),
                "importances": model.feature_importances_.tolist(),
            }
        )
    for case in cases:
        for key in ("predictions", "importances"):
            case[key] = [float(f"{v:.10g}") for v in case[key]]
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "predictions.json"
    target.write_text(
        json.dumps({"scikit-learn": sklearn.__version__, "rows": ROWS, "features": 12, "cases": cases}) + "\n"
    )


if __name__ == "__main__":
    main()
