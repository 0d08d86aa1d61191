"""Records how well scikit-learn's HistGradientBoosting* does on held-out rows, where Kepler too works on bins: above 50,000 rows.

    python make_binned_quality.py [binned-quality.json]

Run from the repository's root. Data and the held-out rows are those of make_goldens.py ("wide30" with more rows); each fold
leaves another tenth of the training rows out. Three classes and more are left out: GradientBoostingClassifier, whose rules
Kepler follows, takes shorter steps there.
"""

import json
import pathlib
import sys

import numpy as np
import sklearn
from sklearn import ensemble

from make_goldens import held_out, wide

ROWS = 90_000
FOLDS = 3
OPTIONS = dict(max_iter=100, max_leaf_nodes=31, learning_rate=0.1, min_samples_leaf=20, early_stopping=False)


def cut(values, train, classes):
    """Classes by quantiles of the training rows: above so many of them."""
    sorted_values = np.sort(train)
    edges = [sorted_values[len(train) * k // classes] for k in range(1, classes)]
    return sum((values > edge).astype(int) for edge in edges)


def main():
    x, y = wide(30, ROWS)
    test = held_out(ROWS)
    kept = y[~test]
    cases = []
    for name, classes in (("two classes", 2), ("numbers", 0)):
        target = cut(y, kept, classes) if classes else y
        make = ensemble.HistGradientBoostingClassifier if classes else ensemble.HistGradientBoostingRegressor
        scores, rows = [], []
        for fold in range(FOLDS):
            train = np.flatnonzero(~test)
            train = train[np.arange(len(train)) % 10 != fold]
            model = make(random_state=0, **OPTIONS).fit(x[train], target[train])
            rows.append(len(train))
            scores.append(float(model.score(x[test], target[test])))
        cases.append({"target": name, "classes": classes, "train": rows, "scores": scores})
        print(cases[-1], flush=True)
    golden = {"scikit-learn": sklearn.__version__, "rows": ROWS, "cases": cases}
    kept_at = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "binned-quality.json"
    kept_at.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
