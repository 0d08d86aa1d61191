"""Trains one peer on rows in memory and says how long it took and how good it is.

    python train.py ESTIMATOR TRAIN.csv HELDOUT.csv TARGET THREADS

One JSON line: seconds of fit alone, accuracy on the held-out rows. Reading the rows is not counted.
"""

import json
import sys
import time

import pandas as pd


def make(name, threads):
    if name == "lightgbm":
        from lightgbm import LGBMClassifier

        return LGBMClassifier(n_estimators=100, num_leaves=31, learning_rate=0.1, n_jobs=threads, verbose=-1, random_state=1)
    if name.endswith("-intelex"):
        from sklearnex import patch_sklearn

        patch_sklearn(verbose=False)
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

    if name.startswith("forest"):
        return RandomForestClassifier(n_estimators=100, max_depth=10, n_jobs=threads, random_state=1)
    return HistGradientBoostingClassifier(max_iter=100, max_leaf_nodes=31, learning_rate=0.1, early_stopping=False, random_state=1)


name, train, heldout, target, threads = sys.argv[1:]
model = make(name, int(threads))
rows, other = pd.read_csv(train), pd.read_csv(heldout)
features = [c for c in rows.columns if c != target]
x, y = rows[features].to_numpy(), rows[target].to_numpy()
started = time.perf_counter()
model.fit(x, y)
seconds = time.perf_counter() - started
accuracy = float((model.predict(other[features].to_numpy()) == other[target].to_numpy()).mean())
print(json.dumps({"seconds": seconds, "accuracy": accuracy}))
