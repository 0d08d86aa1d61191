"""What a template imports as `kepler`: log, telemetry, progress, and the runtime's own helpers, named in snake case.

    from kepler import log, log_metrics, progress, warn, calculate_all_metrics
"""
import json
import sys

_host = None


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


def log_metrics(values, dimensions=None, **more):
    """Metrics of the template's own, to the metrics index."""
    numbers = {name: float(value) for name, value in {**values, **more}.items()}
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


class _Helper:
    """A helper of the runtime: its methods, in snake case."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, method):
        if method.startswith("_"):
            raise AttributeError(method)

        def call(*args, **options):
            return _call(self._name, _camel(method), args, options)

        call.__name__ = method
        return call


splunk = _Helper("splunk")
registry = _Helper("registry")
metrics = _Helper("metrics")
preprocessor = _Helper("preprocessor")


def __getattr__(name):
    """Functions of the helpers by their own names: `calculate_all_metrics` is `metrics.calculateAllMetrics`."""
    helper = _HELPER_OF.get(name)
    if helper is None:
        raise AttributeError(f"kepler has no {name!r}; it has: {', '.join(sorted(_all()))}")
    return getattr(_Helper(helper), name)


_HELPER_OF = {
    "calculate_all_metrics": "metrics",
    "calculate_regression_metrics": "metrics",
    "calculate_classification_metrics": "metrics",
    "calculate_clustering_metrics": "metrics",
    "calculate_ranking_metrics": "metrics",
    "calculate_business_metrics": "metrics",
    "standard_preprocessing": "preprocessor",
    "handle_missing": "preprocessor",
    "encode_categorical": "preprocessor",
    "get_data": "splunk",
    "send_results": "splunk",
    "validate_splunk_config": "splunk",
    "log_model": "registry",
    "load_model_version": "registry",
    "compare_models": "registry",
    "promote": "registry",
}


def _all():
    return {name for name in globals() if not name.startswith("_") and name not in ("json", "sys")} | set(_HELPER_OF)


def _camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _call(helper, method, args, options):
    if _host is None:
        raise KeplerError("internal", f"{helper}.{method} runs in Kepler's runtime; outside of a template's process it is not there.")
    named = {_camel(name): _plain(value) for name, value in options.items()}
    header, body = _host.call(helper, method, {"arguments": [_plain(value) for value in args], "options": named})
    if header.get("ok") is not True:
        error = header.get("error") or {}
        raise KeplerError(error.get("code", "internal"), error.get("message", f"{helper}.{method} failed"))
    if len(body):
        import pyarrow

        return pyarrow.ipc.open_stream(pyarrow.py_buffer(body)).read_pandas()
    return header.get("result")


def _plain(value):
    """Columns, arrays and tables as what JSON knows."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
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
    return str(value)


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
