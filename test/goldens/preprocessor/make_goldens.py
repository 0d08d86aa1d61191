"""What scikit-learn's preprocessing makes of small tables: the numbers that the preprocessor helper must reach.

Run with the Python that has scikit-learn 1.9:
    python test/goldens/preprocessor/make_goldens.py [file]

Every case holds its columns (null is null), the options under the helper's names, and what comes out, column by column.
"""

import json
import math
import pathlib
import sys
import warnings

import numpy as np
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261121)


def plain(value):
    if value is None or isinstance(value, str):
        return value
    value = float(value)
    if math.isnan(value):
        return None
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def columns(matrix):
    matrix = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix, dtype=object)
    return [[plain(v) for v in column] for column in matrix.T]


def holes(matrix, share=0.15):
    matrix = matrix.copy()
    matrix[rng.random(matrix.shape) < share] = np.nan
    return matrix


cases = []


def numeric(name, kind, options, model, train, test, inverse=True, **more):
    made = model.fit_transform(train)
    case = {
        "name": name,
        "step": kind,
        "options": options,
        "train": columns(train),
        "test": columns(test),
        "fitted": columns(made),
        "scored": columns(model.transform(test)),
        **more,
    }
    if inverse:
        case["inverse"] = columns(model.inverse_transform(np.asarray(made, dtype=float)))
    cases.append(case)


# --- numbers --------------------------------------------------------------------------------------------------------
base = np.column_stack([
    rng.normal(50, 12, 40),
    rng.gamma(2, 3, 40),
    np.round(rng.exponential(4, 40)),
    1e6 + rng.normal(0, 3, 40),
    np.full(40, 7.25),
])
base = np.round(base, 4)
gappy = holes(base)
gappy[:, 4] = base[:, 4]
fresh = np.round(np.column_stack([
    rng.normal(50, 30, 17),
    rng.gamma(2, 6, 17),
    np.round(rng.exponential(8, 17)),
    1e6 + rng.normal(0, 6, 17),
    rng.normal(7, 1, 17),
]), 4)
fresh = holes(fresh, 0.1)

numeric("standard", "scale", {"method": "standard"}, StandardScaler(), gappy, fresh)
numeric("standard, no mean", "scale", {"method": "standard", "withMean": False}, StandardScaler(with_mean=False), gappy, fresh)
numeric("standard, no deviation", "scale", {"method": "standard", "withStd": False}, StandardScaler(with_std=False), gappy, fresh)
numeric("robust", "scale", {"method": "robust"}, RobustScaler(), gappy, fresh)
numeric("robust, 10 to 80", "scale", {"method": "robust", "quantileRange": [10, 80], "unitVariance": True},
        RobustScaler(quantile_range=(10, 80), unit_variance=True), gappy, fresh)
numeric("robust, no centre", "scale", {"method": "robust", "withCentering": False}, RobustScaler(with_centering=False), gappy, fresh)
numeric("robust, no scale", "scale", {"method": "robust", "withScaling": False}, RobustScaler(with_scaling=False), gappy, fresh)
numeric("min-max", "scale", {"method": "minmax"}, MinMaxScaler(), gappy, fresh)
numeric("min-max, -1 to 3, clipped", "scale", {"method": "minmax", "featureRange": [-1, 3], "clip": True},
        MinMaxScaler((-1, 3), clip=True), gappy, fresh)
for count in (10, 40):
    for shape in ("uniform", "normal"):
        numeric(f"quantile, {count}, {shape}", "scale",
                {"method": "quantile", "nQuantiles": count, "outputDistribution": shape},
                QuantileTransformer(n_quantiles=count, output_distribution=shape, subsample=None), gappy, fresh)
numeric("quantile, more than rows", "scale", {"method": "quantile"}, QuantileTransformer(subsample=None), base[:, 2:], fresh[:, 2:])

for transformation in ("yeo-johnson", "box-cox"):
    for standardize in (True, False):
        some = gappy[:, [0, 1]] if transformation == "box-cox" else np.column_stack([gappy, base[:, 0] - 50, -base[:, 1], np.zeros(40)])
        other = np.abs(fresh[:, [0, 1]]) + 0.1 if transformation == "box-cox" else np.column_stack([fresh, fresh[:, 0] - 50, -fresh[:, 1], fresh[:, 1]])
        # A constant column and one far from 0 leave the likelihood flat: lambda is then whatever rounding says.
        keep = [0, 1] if transformation == "box-cox" else [0, 1, 2, 4, 5, 6, 7]
        model = PowerTransformer(transformation, standardize=standardize)
        numeric(f"power, {transformation}{'' if standardize else ', as it is'}", "scale",
                {"method": "power", "transformation": transformation, "standardize": standardize},
                model, some[:, keep], other[:, keep], inverse=True, lambdas=None)
        cases[-1]["lambdas"] = [plain(v) for v in model.lambdas_]

# --- nulls ----------------------------------------------------------------------------------------------------------
for strategy in ("mean", "median", "most_frequent"):
    numeric(f"fill, {strategy}", "missing", {"strategy": strategy}, SimpleImputer(strategy=strategy), gappy, fresh, inverse=False)
numeric("fill, constant", "missing", {"strategy": "constant", "fillValue": -3}, SimpleImputer(strategy="constant", fill_value=-3), gappy, fresh, inverse=False)
numeric("fill, median, with indicator", "missing", {"strategy": "median", "addIndicator": True},
        SimpleImputer(strategy="median", add_indicator=True), gappy, fresh)
empty = gappy.copy()
empty[:, 1] = np.nan
numeric("fill, an empty column", "missing", {"strategy": "mean"}, SimpleImputer(strategy="mean"), empty, fresh, inverse=False)
numeric("fill, an empty column kept", "missing", {"strategy": "mean", "keepEmptyFeatures": True},
        SimpleImputer(strategy="mean", keep_empty_features=True), empty, fresh, inverse=False)
# No two distances are equal, and no column lies so far from 0 that scikit-learn's x² - 2xy + y² loses its digits.
near = np.round(rng.normal([0, 5, -2, 10], [1, 2, 3, 4], (40, 4)), 5)
far = np.round(rng.normal([0, 5, -2, 10], [1, 2, 3, 4], (17, 4)), 5)
alone, far = holes(near), holes(far, 0.25)
alone[3] = np.nan
for weights in ("uniform", "distance"):
    for k in (1, 5, 500):
        numeric(f"nearest {k}, {weights}", "missing", {"strategy": "knn", "nNeighbors": k, "weights": weights},
                KNNImputer(n_neighbors=k, weights=weights), alone, far, inverse=False)
numeric("nearest, with indicator", "missing", {"strategy": "knn", "addIndicator": True}, KNNImputer(add_indicator=True), alone[:, :3], far[:, :3], inverse=False)

# --- categories -----------------------------------------------------------------------------------------------------
towns = np.array(["Oslo", "Kyiv", "oslo", "Århus", "Zürich", "東京", "Lima"], dtype=object)
town = towns[np.minimum(rng.geometric(0.35, 40) - 1, 6)]
grade = rng.choice(np.array(["a", "b"], dtype=object), 40)
with_null = town.copy()
with_null[rng.random(40) < 0.1] = np.nan
train = np.column_stack([town, grade, with_null])
test = np.column_stack([
    np.array(["Oslo", "Rome", "Lima", "Kyiv", "東京"], dtype=object),
    np.array(["b", "a", "c", "b", "a"], dtype=object),
    np.array([np.nan, "Kyiv", "Rome", "oslo", np.nan], dtype=object),
])


def categorical(name, options, model, train=train, test=test, inverse=True, y=None, **more):
    made = model.fit_transform(train) if y is None else model.fit_transform(train, y)
    case = {
        "name": name,
        "step": "encode",
        "options": options,
        "train": columns(train),
        "test": columns(test),
        "fitted": columns(made),
        "scored": columns(model.transform(test)),
        **more,
    }
    if inverse:
        case["inverse"] = columns(model.inverse_transform(made))
    cases.append(case)


def hot(**k):
    return OneHotEncoder(sparse_output=False, **{"handle_unknown": "ignore", **k})


categorical("one-hot", {"method": "onehot"}, hot())
categorical("one-hot, first dropped", {"method": "onehot", "drop": "first"}, hot(drop="first"))
categorical("one-hot, binary dropped", {"method": "onehot", "drop": "if_binary"}, hot(drop="if_binary"))
categorical("one-hot, infrequent", {"method": "onehot", "minFrequency": 6}, hot(min_frequency=6), inverse=False)
categorical("one-hot, infrequent share, unknown there", {"method": "onehot", "minFrequency": 0.11, "handleUnknown": "infrequent_if_exist"},
            hot(min_frequency=0.11, handle_unknown="infrequent_if_exist"), inverse=False)
categorical("one-hot, at most 3", {"method": "onehot", "maxCategories": 3, "handleUnknown": "warn"},
            hot(max_categories=3, handle_unknown="warn"), inverse=False)
categorical("one-hot, at most 3, first dropped", {"method": "onehot", "maxCategories": 3, "drop": "first"}, hot(max_categories=3, drop="first"), inverse=False)
categorical("one-hot, at most 1", {"method": "onehot", "maxCategories": 1}, hot(max_categories=1), inverse=False)
numbers = np.column_stack([rng.integers(0, 4, 40) * 2.5, rng.integers(0, 3, 40) - 1.0])
numbers[5, 1] = np.nan
others = np.array([[2.5, np.nan], [3.0, 1.0], [0.0, -1.0]])
categorical("one-hot of numbers", {"method": "onehot", "columns": "all"}, hot(), numbers, others)
categorical("ordinal", {"method": "ordinal"}, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1))
categorical("ordinal, null and unknown", {"method": "ordinal", "unknownValue": -7, "encodedMissingValue": -2},
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-7, encoded_missing_value=-2))
categorical("ordinal of numbers", {"method": "ordinal", "columns": "all"}, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), numbers, others)

amount = np.round(rng.normal(10, 3, 40) + (town == "Oslo") * 5, 3)
binary = rng.choice(np.array(["no", "yes"], dtype=object), 40, p=[0.7, 0.3])
several = rng.choice(np.array(["low", "mid", "high"], dtype=object), 40, p=[0.5, 0.3, 0.2])


def by_target(name, y, smooth, cv, options, kind):
    if not isinstance(cv, int):
        folds = np.empty(len(y), dtype=int)
        for part, (_, rows) in enumerate(cv.split(train, y)):
            folds[rows] = part
        options = {**options, "folds": [int(f) for f in folds]}
    # Null of the first two columns at scoring is unknown to the fit.
    categorical(name, {"method": "target", "smooth": smooth, **options},
                TargetEncoder(target_type=kind, smooth=smooth, cv=cv), inverse=False, y=y, y_values=[plain(v) for v in y])
    cases[-1]["target"] = cases[-1].pop("y_values")


by_target("target, an amount", amount, "auto", KFold(5, shuffle=True, random_state=3), {}, "continuous")
by_target("target, an amount, smooth 2.5, rows in order", amount, 2.5, KFold(5), {}, "continuous")
cases[-1]["options"].pop("folds")
cases[-1]["options"].update(cv=5, shuffle=False)
by_target("target, an amount, not smoothed, 3 parts", amount, 0, KFold(3, shuffle=True, random_state=4), {}, "continuous")
by_target("target, two classes", binary, "auto", StratifiedKFold(5, shuffle=True, random_state=5), {}, "binary")
by_target("target, two classes, rows in order", binary, "auto", StratifiedKFold(5), {}, "binary")
cases[-1]["options"].pop("folds")
cases[-1]["options"].update(cv=5, shuffle=False)
by_target("target, three classes", several, "auto", StratifiedKFold(4, shuffle=True, random_state=6), {}, "multiclass")
by_target("target, three classes, rows in order", several, 1, StratifiedKFold(4), {}, "multiclass")
cases[-1]["options"].pop("folds")
cases[-1]["options"].update(cv=4, shuffle=False)

out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("goldens.json")
out.write_text("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
print(f"{len(cases)} cases, {out.stat().st_size} bytes")
