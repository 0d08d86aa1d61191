"""What a template imports as `kepler`: log, telemetry, progress, and the runtime's own helpers, named in snake case.

    from kepler import log, log_metrics, progress, warn, calculate_all_metrics

Metrics and the preprocessor run beside this process and cost a few milliseconds a call; arguments may have 64 MB together.
"""
import json
import math
import sys

_host = None
# Keeps models as the fit's are kept.
_keeper = None


class _Log:
    """Structured log: carries search id, user and model by itself."""

    def debug(self, text, fields=None, **more):
        _tell_log("debug", text, fields, more)

    def info(self, text, fields=None, **more):
        _tell_log("info", text, fields, more)

    def warn(self, text, fields=None, **more):
        _tell_log("warn", text, fields, more)

    warning = warn

    def error(self, text, fields=None, **more):
        _tell_log("error", text, fields, more)


log = _Log()


def log_metrics(values=None, dimensions=None, **more):
    """Metrics of the template's own, to the metrics index."""
    numbers = {name: float(value) for name, value in {**(values or {}), **more}.items()}
    _tell({"telemetry": {"kind": "metrics", "values": numbers, "dimensions": _texts(dimensions)}})


def log_training_step(step, values=None, **more):
    """One step of a training: an epoch, a round."""
    numbers = {name: float(value) for name, value in {**(values or {}), **more}.items()}
    _tell({"telemetry": {"kind": "training_step", "step": int(step), "values": numbers}})


def log_event(name, fields=None, **more):
    _tell({"telemetry": {"kind": "event", "name": str(name), "fields": _plain({**(fields or {}), **more})}})


def log_error(error, fields=None, **more):
    _tell({"telemetry": {"kind": "error", "message": str(error), "fields": _plain({**(fields or {}), **more})}})


def progress(share, text=None):
    """Share of the work done, 0 to 1, for whoever waits."""
    _tell({"progress": {"share": float(share), **({"text": str(text)} if text is not None else {})}})


def warn(text):
    """A warning for the search's messages."""
    _tell({"warn": str(text)})


class KeplerError(Exception):
    """What a helper of the runtime answered with instead of a result."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class _Local:
    """A helper that runs beside this process: its methods, in snake case."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, method):
        if method.startswith("_"):
            raise AttributeError(method)

        def call(*args, **options):
            listed = {name: _columns(value) if name in _TABLES else value for name, value in options.items()}
            return _local(self._name, _camel(method), args, listed)[0]

        call.__name__ = method
        return call


metrics = _Local("metrics")


class Fitted:
    """
    A preprocessor that was fitted: `table` is the rows of the fit, prepared, and `target` what was handed over as target, of the
    same rows. Both keep the index of the rows that they come from. What was learned can be kept in a model, without the rows.
    """

    def __init__(self, result, table, target=None):
        self.state = result["state"]
        self.features = result["features"]
        self.warnings = result["warnings"]
        self.table = table
        self.target = target

    def __getstate__(self):
        return {**self.__dict__, "table": None, "target": None}

    def transform(self, df):
        """The same steps on other rows; the index says which rows are left, where some were left out."""
        result, body = _local("preprocessor", "transform", (self.state, df), {})
        for text in result["warnings"]:
            warn(text)
        return _table(df, result, body)

    def inverse_transform(self, df):
        """Back to the columns before."""
        import pandas

        columns = _local("preprocessor", "inverseTransform", (self.state, df), {})[0]
        return pandas.DataFrame(columns, index=getattr(df, "index", None))

    def to_onnx(self, graph):
        """Writes the steps as ONNX nodes that read `graph.input`. The name of the matrix that they make."""
        from . import codec

        result, body = _local("preprocessor", "toOnnx", (self.state, graph.features), {})
        return graph.splice(codec.decode(body)["calls"], result)


class Preprocessor:
    def __init__(self, steps):
        self.steps = list(steps)

    def fit(self, df, **options):
        """df: rows as they are. target: the name of a column, which then is no feature, or values."""
        return _fitted("fit", df, ([_marked(step) for step in self.steps], df), options)


def preprocessor(steps):
    """Steps, one after the other: preprocessor([handle_missing(strategy="median"), scale()]).fit(df, target="y")"""
    return Preprocessor(steps)


def standard_preprocessing(df, **options):
    """The usual steps, fitted: standard_preprocessing(df, target="y", missing="mean")"""
    return _fitted("standardPreprocessing", df, (df,), options)


def transform(fitted, df):
    return fitted.transform(df)


def inverse_transform(fitted, df):
    return fitted.inverse_transform(df)


def feature_names(fitted):
    return list(fitted.features)


def _amounts(told):
    named = told if isinstance(told, dict) else {"value": told}
    return {name: float(amount) if hasattr(amount, "__float__") else amount for name, amount in named.items()}


class _Row(dict):
    """`row.actual` and `row["actual"]`."""

    __getattr__ = dict.__getitem__


def calculate_business_metrics(actual, predicted, measure=None, **options):
    """costs: {actual: {predicted: cost}}. measure: a function of a row (`row.actual`, `row.predicted`, `row.row`): an amount, or several by name."""
    actual, predicted = _plain(actual), _plain(predicted)
    if measure is not None:
        told = [measure(_Row(actual=a, predicted=p, row=row)) for row, (a, p) in enumerate(zip(actual, predicted))]
        options["measured"] = [_amounts(one) for one in told]
    return _local("metrics", "calculateBusinessMetrics", (actual, predicted), options)[0]


def get_data(spl, **options):
    """The rows of any search, one by one, as dicts. The template needs `needs = ["splunk"]`."""
    return _rows("getData", {"spl": spl, "options": _named(options)})


def run_saved_search(name, **options):
    return _rows("runSavedSearch", {"name": name, "options": _named(options)})


def send_results(rows, **to):
    """Rows (a DataFrame, or dicts) to an index, a lookup or a collection: send_results(df, index="main")."""
    listed = rows.to_dict("records") if hasattr(rows, "to_dict") else list(rows)
    written = {"written": 0, "queued": 0}
    # A lookup is written whole: its rows go together.
    most = max(1, len(listed)) if "lookup" in to else _SENT_AT_ONCE
    for at in range(0, len(listed), most):
        part = json.dumps(_plain(listed[at : at + most])).encode()
        done, _ = _call("splunk", "sendResults", {"to": _named(to)}, part)
        written = {name: written[name] + done[name] for name in written}
    return written


def validate_splunk_config(**expected):
    return _call("splunk", "validateSplunkConfig", _named(expected))[0]


def schedule_saved_search(name, **options):
    _call("splunk", "scheduleSavedSearch", {"name": name, "options": _named(options)})


def log_model(about, model):
    """
    A version in the registry; `about` as in docs/helpers/registry.md: name, features, target, params, metrics … It is kept as
    what fit returns is, so `apply` reads it with this template. The template needs `needs = ["registry"]`.
    """
    about = _named(about)
    target = about.get("target") or {}
    if isinstance(target, str):
        target = about["target"] = {"name": target}
    texts = [name for name in _keeper.texts if name in (about.get("features") or [])] if _keeper else []
    if texts:
        about.setdefault("texts", texts)
    kept = (about.get("params") or {}, about.get("features") or [], target.get("name"), target.get("classes"))
    return _call("registry", "logModel", {"model": about}, _keeper.pack(model, *kept) if _keeper else b"")[0]


def load_model_version(reference):
    """A version by `m`, `app:m`, `m@3` or `m@champion`, with its model where this template made it."""
    info, body = _call("registry", "loadModelVersion", {"reference": reference})
    return {**info, "model": _keeper.unpack(body)} if len(body) else info


def compare_models(*references):
    return _call("registry", "compareModels", {"references": list(references)})[0]


def promote(reference, alias="champion"):
    return _call("registry", "promote", {"reference": reference, "alias": alias})[0]


_SENT_AT_ONCE = 20_000
# Options of metrics that are a list a column: predict_proba's table, or the features of clusters.
_TABLES = ("probabilities", "features")
_STEPS = {"handle_missing", "encode_categorical", "scale", "clip_outliers", "datetime_features", "text_features"}


def __getattr__(name):
    """Functions of the helpers by their own names in snake case: `calculate_all_metrics` is `calculateAllMetrics`."""
    if name.startswith("calculate_") or name in ("confusion_matrix", "curves_of"):
        return getattr(metrics, name)
    if name in _STEPS:
        return getattr(_Local("preprocessor"), name)
    raise AttributeError(f"kepler has no {name!r}; docs/python-templates.md names what it has")


def _camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _named(options):
    return {_camel(name): _plain(value) for name, value in options.items()}


def _marked(value):
    """An option that is NaN or infinite says something; JSON has neither."""
    if isinstance(value, dict):
        return {str(key): _marked(item) for key, item in value.items()}
    plain = value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value
    return {"$": str(plain)} if isinstance(plain, float) and not math.isfinite(plain) else _plain(value)


def _local(helper, method, args, options):
    named = {_camel(name): _marked(value) for name, value in options.items()}
    asked = {"arguments": [_plain(value) for value in args], "options": named}
    result, body = _call(helper, method, {}, json.dumps(asked, allow_nan=False).encode())
    return _revived(result), body


def _revived(value):
    """What is not defined comes as NaN, as from scikit-learn; a curve's first threshold is infinite."""
    if isinstance(value, list):
        return [_revived(item) if isinstance(item, (dict, list)) else item for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and "$" in value:
        return float(value["$"])
    return {key: _revived(item) if isinstance(item, (dict, list)) else item for key, item in value.items()}


def _fitted(method, df, args, options):
    result, body = _local("preprocessor", method, args, options)
    for text in result["warnings"]:
        warn(text)
    target = options.get("target")
    if isinstance(target, str) and hasattr(df, "columns") and target in df.columns:
        target = df[target]
    if target is not None and hasattr(target, "to_pandas"):
        target = target.to_pandas()
    return Fitted(result, _table(df, result, body), _kept(target, result.get("places")))


def _kept(values, places):
    """Those of the rows that are left."""
    if values is None or isinstance(values, str) or places is None:
        return None if isinstance(values, str) else values
    return values.iloc[places] if hasattr(values, "iloc") else [values[place] for place in places]


def _table(df, result, body):
    import pyarrow

    table = pyarrow.ipc.open_stream(pyarrow.py_buffer(body)).read_all()
    try:
        table = table.to_pandas()
    except ModuleNotFoundError:
        # An environment with polars alone.
        import polars

        return polars.from_arrow(table)
    places = result.get("places")
    if hasattr(df, "iloc"):
        table.index = df.index if places is None else df.index[places]
    elif places is not None:
        table.index = places
    return table


def _rows(method, args):
    cursor = _call("splunk", method, args)[0]["cursor"]
    done = False
    try:
        while True:
            read, body = _call("splunk", "read", {"cursor": cursor})
            for message in read["messages"]:
                (log.info if message["type"] in ("INFO", "DEBUG") else log.warn)(message["text"])
            if read["done"]:
                done = True
                return
            yield from json.loads(bytes(body))
    finally:
        if not done:
            _call("splunk", "close", {"cursor": cursor})


def _call(helper, method, args, body=b""):
    if _host is None:
        raise KeplerError("internal", f"{helper}.{method} runs in Kepler's runtime; outside of a template's process it is not there.")
    header, answer = _host.call(helper, method, args, body)
    if header.get("ok") is not True:
        error = header.get("error") or {}
        raise KeplerError(error.get("code", "internal"), error.get("message", f"{helper}.{method} failed"))
    return header.get("result"), answer


def _plain(value):
    """Columns, arrays and tables as what JSON knows."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "to_pandas"):
        value = value.to_pandas()
    if hasattr(value, "columns") and hasattr(value, "to_dict"):
        return {str(name): _plain(value[name].tolist()) for name in value.columns}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if type(value).__name__ == "Decimal":
        return float(value)
    if callable(value):
        raise KeplerError("invalid_arguments", f"a helper of the runtime cannot be given the function {getattr(value, '__name__', value)}.")
    return str(value)


def _columns(value):
    """A table as a list of its columns; anything else as it is."""
    if hasattr(value, "to_pandas"):
        value = value.to_pandas()
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        return [value.iloc[:, at] for at in range(value.shape[1])]
    return list(value.T) if getattr(value, "ndim", 1) == 2 else value


def _texts(values):
    return {str(name): str(value) for name, value in (values or {}).items()}


def _tell_log(level, text, fields, more):
    both = _plain({**(fields or {}), **more})
    _tell({"log": {"level": level, "text": str(text), **({"fields": both} if both else {})}})


def _tell(frame):
    """Outside of a template's process (in its author's own tests) it prints instead."""
    if _host is None:
        print(json.dumps(frame), file=sys.stderr)
    else:
        _host.send(frame)
