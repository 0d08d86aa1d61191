"""What can go wrong in a notebook, by the parameter `how`."""

import time

import pandas as pd
from model.line import load, save, summary  # noqa: F401


def init(df, param):
    return {}


def fit(model, df, param):
    how = param["options"]["params"]["how"]
    if how == "raises":
        raise ValueError('epochs must be "10" or more, größer: 😀')
    while how == "hangs":
        time.sleep(0.1)
    return {}


def apply(model, df, param):
    how = param["options"]["params"]["how"]
    if how == "short":
        return pd.DataFrame({"a": range(len(df) - 1)})
    return pd.DataFrame({"a": range(len(df))})
