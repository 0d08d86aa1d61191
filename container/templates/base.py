"""Predicts a number from how each feature moves with it, one feature at a time."""
# The template to copy: save it as <YourName>.py into the folder of templates, change the model part, and use it in a search:
#   | fit YourName shrink=0.5 y from x* into my_model      | apply my_model      | summary my_model
# Loading, preparing, saving, versions, limits, logs, telemetry and metrics come by themselves. Packages that it needs are named
# in <YourName>.requirements.txt beside it; without that file it has what the runtime's own Python has.
import numpy as np
from kepler import log

kind = "regressor"  # or classifier, clusterer, transformer

# The options, as JSON Schema: defaults, checks, help and the form on the page come from it.
params = {
    "properties": {
        "shrink": {
            "type": "number",
            "default": 1,
            "minimum": 0,
            "maximum": 1,
            "description": "Share of each weight that is kept.",
        },
    },
}


def fit(model, df, param):
    """Learns. df: rows without nulls, as numbers (text is one column a value), and the target. What it returns is the model."""
    features, target = df[param["feature_variables"]], df[param["target_variables"][0]]
    away = features - features.mean()
    spread = (away**2).sum()
    together = away.mul(target - target.mean(), axis=0).sum()
    weights = param["shrink"] * together / spread.replace(0, np.inf) / features.shape[1]
    log.info("fitted", features=features.shape[1], rows=len(df))
    return {"weights": weights, "constant": target.mean() - (weights * features.mean()).sum()}


def apply(model, df, param):
    """One value a row: a Series, an array, a list; or a DataFrame of several columns. df has the features."""
    return df @ model["weights"] + model["constant"]


def summary(model):
    """What | summary shows: a DataFrame, or names and values."""
    return {**model["weights"], "_constant": model["constant"]}


# test
# What stands between these two lines is yours alone, and never published: data to try it on, prints.
# end test
