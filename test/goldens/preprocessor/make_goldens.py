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
import pandas as pd
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
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
    return int(value) if value == int(value) and abs(value) < 2**53 else float(f"{value:.14g}")


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

# --- outliers (NumPy's quantiles) -----------------------------------------------------------------------------------
def clipped(name, options, low, high):
    cases.append({
        "name": name, "step": "clip", "options": options,
        "train": columns(gappy), "test": columns(fresh),
        "fitted": columns(np.clip(gappy, low, high)), "scored": columns(np.clip(fresh, low, high)),
    })


clipped("clip, quantiles", {"method": "quantile", "range": [0.05, 0.9]},
        np.nanquantile(gappy, 0.05, axis=0), np.nanquantile(gappy, 0.9, axis=0))
first, third = np.nanquantile(gappy, 0.25, axis=0), np.nanquantile(gappy, 0.75, axis=0)
clipped("clip, quartiles", {"method": "iqr", "factor": 0.8}, first - 0.8 * (third - first), third + 0.8 * (third - first))
mean, deviation = np.nanmean(gappy, axis=0), np.nanstd(gappy, axis=0)
deviation[4] = 1  # a constant column
clipped("clip, deviations", {"method": "zscore", "threshold": 1.25}, mean - 1.25 * deviation, mean + 1.25 * deviation)

# --- times (pandas) -------------------------------------------------------------------------------------------------
PARTS = ["year", "quarter", "month", "week", "day", "dayofyear", "weekday", "weekend", "hour", "minute", "second"]


def parts_of(moments):
    return {
        "year": moments.year, "quarter": moments.quarter, "month": moments.month, "week": moments.isocalendar().week.to_numpy(),
        "day": moments.day, "dayofyear": moments.dayofyear, "weekday": moments.weekday,
        "weekend": (moments.weekday >= 5).astype(int), "hour": moments.hour, "minute": moments.minute, "second": moments.second,
    }


epochs = np.concatenate([
    rng.uniform(0, 4e9, 25).round(3), rng.uniform(-5e9, 0, 8).round(3),
    # Ends of years and of leap years, and the hours about both changes of the clocks in Zurich and New York in 2026.
    [pd.Timestamp(t, tz="UTC").timestamp() for t in (
        "2023-12-31 23:59:59", "2024-01-01 00:00:00", "2024-02-29 12:00:00", "2024-12-30 00:00:00", "2026-12-31 23:30:00",
        "2027-01-03 22:59:59", "2026-03-29 00:59:59", "2026-03-29 01:00:00", "2026-10-25 00:59:59", "2026-10-25 01:00:00",
        "2026-03-08 06:59:59", "2026-03-08 07:00:00", "2026-11-01 05:59:59", "2026-11-01 06:00:00", "2000-02-29 23:59:59.999",
    )],
])
for zone in ("UTC", "Europe/Zurich", "America/New_York", "Asia/Kolkata"):
    local = pd.to_datetime(epochs, unit="s", utc=True).tz_convert(zone)
    made = [[plain(v) for v in parts_of(local)[part]] for part in PARTS]
    cases.append({
        "name": f"times, {zone}", "step": "datetime", "options": {"columns": ["c0"], "features": PARTS, "timeZone": zone},
        "train": [[plain(v) for v in epochs]], "test": [[plain(v) for v in epochs[::-1]]],
        "fitted": made, "scored": [values[::-1] for values in made], "names": [f"c0_{part}" for part in PARTS],
    })
texts = ["2026-03-29T03:30:00+02:00", "2026-11-21 18:53:26.123", "2024-02-29", "1969-07-20T20:17Z", "2026-01-01T00:30:00-0800"]
local = pd.DatetimeIndex([pd.Timestamp(t).tz_convert("Europe/Zurich") if pd.Timestamp(t).tz else pd.Timestamp(t).tz_localize("Europe/Zurich") for t in texts])
made = [[plain(v) for v in parts_of(local)[part]] for part in PARTS] + [[plain(t.timestamp()) for t in local]]
cases.append({
    "name": "times in text", "step": "datetime",
    "options": {"columns": ["c0"], "features": [*PARTS, "epoch"], "timeZone": "Europe/Zurich"},
    "train": [texts + [None]], "test": [["1700000000.5", *texts]],
    "fitted": [[*values, None] for values in made],
    "scored": [[plain(v), *values] for v, values in zip(
        [*(v[0] for v in parts_of(pd.to_datetime([1700000000.5], unit="s", utc=True).tz_convert("Europe/Zurich")).values()), 1700000000.5], made)],
})
utc = pd.to_datetime(epochs, unit="s", utc=True)
cycles = {"hour": (utc.hour, 24), "weekday": (utc.weekday, 7), "month": (utc.month - 1, 12), "dayofyear": (utc.dayofyear - 1, 366)}
made = [[plain(f(2 * math.pi * v / period)) for v in values] for values, period in cycles.values() for f in (math.sin, math.cos)]
cases.append({
    "name": "times, cyclic", "step": "datetime", "options": {"columns": ["c0"], "features": list(cycles), "cyclic": True},
    "train": [[plain(v) for v in epochs]], "test": [[plain(v) for v in epochs[:3]]],
    "fitted": made, "scored": [values[:3] for values in made],
    "names": [f"c0_{part}_{f}" for part in cycles for f in ("sin", "cos")],
})

# --- texts ----------------------------------------------------------------------------------------------------------
lines = [
    "Failed password for invalid user admin from 10.0.0.1 port 22 ssh2",
    "Accepted publickey for deploy from 10.0.0.7 port 22 ssh2",
    "the disk /dev/sda1 is 91% full, the threshold is 90%",
    "Straße gesperrt: Zürich – Genève, straße frei",
    "東京 サーバー 停止  ERROR_42 ERROR_42 error_42",
    "a b c I",
    "connection reset by peer; connection closed; Connection timed out",
    None,
    "Failed password for root from 10.0.0.1 port 22 ssh2",
]
later = ["failed PASSWORD for a new user", "", "nothing known here", "error_42 東京", None]


def text(name, options, model, named=False):
    filled = [line or "" for line in lines]
    made = model.fit_transform(filled)
    scored = model.transform([line or "" for line in later])
    case = {"name": name, "step": "text", "options": options, "train": [lines], "test": [later],
            "fitted": columns(made), "scored": columns(scored)}
    if named:
        case["names"] = [f"c0_tfidf_{i}_{term}" for i, term in enumerate(model.get_feature_names_out())]
    cases.append(case)


text("hashed words", {"nFeatures": 32}, HashingVectorizer(n_features=32))
text("hashed words, counted, all upwards", {"nFeatures": 20, "norm": None, "alternateSign": False},
     HashingVectorizer(n_features=20, norm=None, alternate_sign=False))
text("hashed pairs of words, l1, without stop words", {"nFeatures": 24, "ngramRange": [1, 2], "norm": "l1", "stopWords": "english"},
     HashingVectorizer(n_features=24, ngram_range=(1, 2), norm="l1", stop_words="english"))
text("hashed characters", {"nFeatures": 16, "analyzer": "char", "ngramRange": [2, 4], "lowercase": False},
     HashingVectorizer(n_features=16, analyzer="char", ngram_range=(2, 4), lowercase=False))
text("hashed characters in words, binary", {"nFeatures": 16, "analyzer": "char_wb", "ngramRange": [1, 5], "binary": True},
     HashingVectorizer(n_features=16, analyzer="char_wb", ngram_range=(1, 5), binary=True))
text("tf-idf", {"method": "tfidf"}, TfidfVectorizer(), True)
text("tf-idf, not smoothed, sublinear, l1", {"method": "tfidf", "smoothIdf": False, "sublinearTf": True, "norm": "l1"},
     TfidfVectorizer(smooth_idf=False, sublinear_tf=True, norm="l1"), True)
text("tf-idf, counts of a pattern", {"method": "tfidf", "useIdf": False, "norm": None, "tokenPattern": r"([0-9]+)"},
     TfidfVectorizer(use_idf=False, norm=None, token_pattern=r"([0-9]+)"), True)
text("tf-idf, in two rows at least, a third at most", {"method": "tfidf", "minDf": 2, "maxDf": 0.34, "ngramRange": [1, 3], "maxFeatures": 1000},
     TfidfVectorizer(min_df=2, max_df=0.34, ngram_range=(1, 3), max_features=1000), True)
text("tf-idf, the two most frequent", {"method": "tfidf", "maxFeatures": 2, "stopWords": ["for", "from"], "norm": None},
     TfidfVectorizer(max_features=2, stop_words=["for", "from"], norm=None), True)

# Tables come again and again: each stands once.
tables = []


def kept(table):
    if table not in tables:
        tables.append(table)
    return tables.index(table)


for case in cases:
    case["train"], case["test"] = kept(case["train"]), kept(case["test"])

out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("goldens.json")
rows = [",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in part) for part in (tables, cases)]
out.write_text('{"tables": [\n' + rows[0] + '\n],\n"cases": [\n' + rows[1] + "\n]}\n")
print(f"{len(cases)} cases, {out.stat().st_size} bytes")
