"""
The program of a Python template's process: loads the template, then answers what the runtime asks over fd 3 and 4.

    python -I -u -c "…; from kepler_host.host import main; main()" <folder of kepler_host> <own folder> <memory MB> <seconds> <files>
"""
import os
import signal
import sys
import threading
from collections import OrderedDict

from . import kepler
from .failures import Refused, failure_of
from .fence import Fence
from .pipe import Pipe

# Models that are kept loaded; the runtime sends one again when it is asked for.
MOST_STATES = 4
# Threads of pools that wait for work when a call is over.
POOLS = ("ThreadPoolExecutor", "asyncio_", "Dask", "IO loop", "Profile", "tqdm")


class Model:
    def __init__(self, value, about, folder):
        self.value = value
        self.about = about
        self.folder = folder


class Host:
    def __init__(self, pipe, fence, own, memory_mb):
        self.pipe = pipe
        self.fence = fence
        self.own = own
        self.memory_mb = memory_mb
        self.srv = os.path.join(own, "srv")
        self.loaded = None
        self.sources = {}
        self.models = OrderedDict()
        self.made = 0
        # Columns of text in the raw rows that came last.
        self.texts = []
        # The folder of the model that is worked on.
        self.hand = own

    def load(self, header, body):
        import json

        from . import loading

        asked = json.loads(bytes(body))
        self.name, source = asked["name"], asked["source"]
        for folder in ("app/model", "notebooks/data", "notebooks/logs", "app/graphics"):
            os.makedirs(os.path.join(self.srv, folder), exist_ok=True)
        if not os.path.lexists("data"):
            os.symlink(os.path.join(self.srv, "notebooks/data"), "data")
        finder, module, self.sources, main = loading.load(self.name, source, asked["modules"], asked.get("cells", []), self.srv)
        self.loaded = loading.run(finder, module, self.sources, main, source)
        needed(self.loaded.tables)
        loaded = self.loaded
        params = dict(loaded.params)
        if loaded.has("probabilities"):
            option = {"type": "boolean", "default": False, "description": "Whether a column with the probability of each class is added."}
            params["properties"] = {**params["properties"], "probabilities": params["properties"].get("probabilities", option)}
        return {
            "name": str(getattr(module, "name", self.name)),
            "kind": loaded.kind,
            "description": loaded.description(),
            "params": params,
            "prepare": loaded.prepare,
            "needs": list(getattr(module, "needs", [])),
            **({"example": module.example} if hasattr(module, "example") else {}),
            "can": {
                "partialFit": loaded.has("partial_fit"),
                "summary": loaded.has("summary"),
                **{name: True for name in ("evaluate", "explain") if loaded.has(name)},
                **({"toOnnx": True} if loaded.has("to_onnx") and loaded.prepare == "numeric" else {}),
            },
            "convention": "dsdl" if loaded.dsdl else "kepler",
            "begins": {name: self._begin_of(getattr(module, name)) for name in FUNCTIONS if loaded.has(name)},
        }, b""

    def _begin_of(self, function):
        code = getattr(function, "__code__", None)
        return self.sources[code.co_filename](code.co_firstlineno) if code and code.co_filename in self.sources else None

    def where(self, _signal, frame):
        """Its time is over: the runtime asks in which line it is. (What computes in native code does not get here.)"""
        while frame is not None and frame.f_code.co_filename not in self.sources:
            frame = frame.f_back
        if frame is not None:
            self.pipe.send_now({"at": self.sources[frame.f_code.co_filename](frame.f_lineno)})

    def warm(self, header, body):
        """Imports what a version of the template imported, before there is the next one."""
        import json

        from . import loading

        loading.import_of(**json.loads(bytes(body)))
        return {}, b""

    def about(self, header, body):
        """What holds the process back, for tests and for whoever asks."""
        return {"python": sys.version.split()[0], "fence": "landlock" if self.fence.landlock else "audit"}, b""

    def init(self, header, body):
        return {"params": header["params"]}, b""

    def fit(self, header, body):
        from . import states

        before = header.get("from")
        if before is not None and before not in self.models:
            return {"needState": True}, b""
        loaded, target = self.loaded, header.get("target")
        about = {
            "params": header["params"],
            "target": target and target["name"],
            "classes": classes_of(body) if target and target["kind"] == "classes" else None,
        }
        table = self._read(body, about["target"])
        columns = list(table.column_names if loaded.tables == "arrow" else table.columns)
        about["features"] = [name for name in columns if name != about["target"]]
        if loaded.prepare == "none" and loaded.kind == "classifier" and target and not loaded.dsdl:
            about["classes"] = classes_in(table[about["target"]])
        param = Param(about, about["params"], self.name)
        folder = self._model_folder()
        self._at_hand(folder)
        if before is not None:
            model = self.models[before]
            self._at_hand(model.folder)
            # A copy: the version that it goes on from stays as it is.
            started = self._restore(model.about, model.folder)
            self._at_hand(folder)
            returned = loaded.call("partial_fit", started, table, param)
            value = started if returned is None else returned
            if about["classes"] is not None:
                about["classes"] = sorted_together(model.about["classes"], about["classes"])
        else:
            started = loaded.call("init", table, param) if loaded.has("init") else None
            returned = loaded.call("fit", started, table, param)
            value = model_of(started, returned, loaded.dsdl)
            if value is None:
                raise Refused("fit returned nothing: return the model (or change the one that init made).")
        self._save(value, about, folder)
        self._keep(header["key"], Model(value, about, folder))
        return {}, states.pack(about, folder)

    def state(self, header, body):
        from . import states

        folder = self._model_folder()
        about = states.unpack(body, folder)
        self._at_hand(folder)
        self._keep(header["key"], Model(self._restore(about, folder), about, folder))
        return {}, b""

    def apply(self, header, body):
        from . import tables

        model = self._use(header["key"])
        if model is None:
            return {"needState": True}, b""
        loaded, about, target = self.loaded, model.about, header.get("target")
        table = self._read(body)
        rows = table.num_rows if loaded.tables == "arrow" else len(table)
        options = {**about["params"], **(header.get("options") or {})}
        try:
            columns = self._answers(model, table, options, self._base(target))
        except Exception:
            if rows > 0:
                raise
            # Which columns there will be is asked with an empty table; not every library takes one.
            columns = [(self._base(target), tables.none())]
        if options.get("probabilities") is True and loaded.has("probabilities"):
            columns += self._probabilities(model, table, Param(about, options, self.name), rows, target)
        assert_once("apply", columns)
        return {"outputs": [name for name, _ in columns]}, tables.write(columns, rows)

    def summary(self, header, body):
        model = self._use(header["key"])
        if model is None:
            return {"needState": True}, b""
        if not self.loaded.has("summary"):
            return {"fields": ["summary"], "rows": [[f"{self.name} has no summary."]]}, b""
        fields, rows = summary_of(self.loaded.call("summary", model.value))
        return {"fields": fields, "rows": rows}, b""

    def evaluate(self, header, body):
        model = self._use(header["key"])
        if model is None:
            return {"needState": True}, b""
        target = header.get("target")
        table = self._read(body, target and target["name"])
        param = Param(model.about, {**model.about["params"], **(header.get("options") or {})}, self.name)
        measured = self.loaded.call("evaluate", model.value, table, param)
        if not isinstance(measured, dict):
            raise Refused(f"evaluate returned {type(measured).__name__}; it must return a dict of numbers by name.")
        for name, value in measured.items():
            if not is_number(value):
                raise Refused(f'evaluate returned {value!r} for "{name}"; a metric is a number.')
        return {"metrics": {str(name): float(value) for name, value in measured.items()}}, b""

    def explain(self, header, body):
        from . import tables

        model = self._use(header["key"])
        if model is None:
            return {"needState": True}, b""
        table = self._read(body)
        rows = table.num_rows if self.loaded.tables == "arrow" else len(table)
        param = Param(model.about, {**model.about["params"], **(header.get("options") or {})}, self.name)
        answer = self.loaded.call("explain", model.value, table, param)
        columns = tables.columns_of(answer, rows, "explanation", None, False, kepler.warn, "explain")
        assert_once("explain", columns)
        return {"outputs": [name for name, _ in columns]}, tables.write(columns, rows)

    def onnx(self, header, body):
        from . import codec
        from .graph import Graph

        model = self._use(header["key"])
        if model is None:
            return {"needState": True}, b""
        graph = Graph(header["features"])
        written = self.loaded.call("to_onnx", model.value, graph)
        if written is not None:
            graph.add(written)
        if graph.outputs == 0:
            raise Refused("to_onnx names no output: call graph.output, or return an ONNX model.")
        return {}, codec.encode({"calls": graph.calls})

    def _read(self, body, target=None):
        from . import tables

        # Raw texts are texts, whatever they look like.
        raw = self.loaded.prepare == "none"
        self.texts = tables.texts_in(body) if raw else []
        return tables.read(body, self.loaded.tables, None if raw else target, self.loaded.dsdl)

    def _base(self, target):
        return f"predicted({target})" if target is not None else "cluster" if self.loaded.kind == "clusterer" else "output"

    def _answers(self, model, table, options, base):
        """The columns of `apply`, without probabilities."""
        from . import tables

        rows = table.num_rows if self.loaded.tables == "arrow" else len(table)
        about = model.about
        if self.loaded.dsdl and about["target"] in table.columns and table[about["target"]].isna().all():
            # The search does not have it.
            table = table.drop(columns=[about["target"]])
        answer = self.loaded.call("apply", model.value, table, Param(about, options, self.name))
        columns = tables.columns_of(answer, rows, base, about["target"], self.loaded.dsdl, kepler.warn)
        if about.get("classes") and columns[0][0] == base:
            columns[0] = (base, tables.labelled(columns[0][1], about["classes"]))
        elif self.loaded.kind == "regressor" and not self.loaded.dsdl and columns[0][0] == base:
            tables.assert_numbers(*columns[0])
        return columns

    def _probabilities(self, model, table, param, rows, target):
        import numpy as np
        import pyarrow as pa

        made = np.asarray(self.loaded.call("probabilities", model.value, table, param), dtype=np.float64)
        classes = model.about["classes"] or []
        if made.shape != (rows, len(classes)):
            raise Refused(f"probabilities returned a table of {made.shape}; {rows} rows and {len(classes)} classes are needed.")
        return [(f"probability({target}={label})", pa.array(np.ascontiguousarray(made[:, i]))) for i, label in enumerate(classes)]

    def pack(self, value, params, features, target, classes):
        """A model as its fit would keep it, for a version that the template makes itself."""
        from . import states

        about = {"params": params, "features": list(features), "target": target, "classes": classes}
        folder, before = self._model_folder(), self.hand
        self._at_hand(folder)
        try:
            self._save(value, about, folder)
            return states.pack(about, folder)
        finally:
            self._at_hand(before)
            states.clear(folder)
            os.rmdir(folder)

    def unpack(self, packed):
        from . import states

        # What a template's own load reads may be read later: its files go with the process.
        folder, before = self._model_folder(), self.hand
        self._at_hand(folder)
        try:
            return self._restore(states.unpack(packed, folder), folder)
        finally:
            self._at_hand(before)

    def _save(self, value, about, folder):
        """Into files: by the template's own save, else pickled. What it wrote while it was fitted stays with the model."""
        from . import states

        loaded = self.loaded
        if loaded.has("save"):
            if loaded.dsdl:
                before = states.files_in(folder)
                loaded.call("save", value, DSDL_NAME.format(self.name))
                wrote = states.files_in(folder) != before
            else:
                loaded.call("save", value, folder)
                wrote = True
            if wrote and loaded.has("load"):
                about["codec"] = "load"
                return
        try:
            states.write_pickle(value, folder)
            about["codec"] = "pickle"
        except Exception as error:
            path = os.path.join(folder, states.PICKLE)
            if os.path.exists(path):
                os.remove(path)
            if loaded.dsdl and loaded.has("load"):
                about["codec"] = "load"
                return
            raise Refused(
                f"its model cannot be kept: {type(error).__name__}: {error}. Write save(model, folder) and load(folder)."
            ) from error

    def _restore(self, about, folder):
        from . import states

        if about["codec"] == "pickle":
            return states.read_pickle(folder)
        return self.loaded.call("load", DSDL_NAME.format(self.name) if self.loaded.dsdl else folder)

    def _model_folder(self):
        self.made += 1
        folder = os.path.join(self.own, "models", str(self.made))
        os.makedirs(folder)
        return folder

    def _at_hand(self, folder):
        """A module in DSDL's convention finds the files of the model that it works on in one place."""
        self.hand = folder
        place = os.path.join(self.srv, "app/model/data")
        if os.path.lexists(place):
            os.remove(place)
        os.symlink(folder, place)

    def _use(self, key):
        model = self.models.get(key)
        if model is not None:
            self.models.move_to_end(key)
            self._at_hand(model.folder)
        return model

    def _keep(self, key, model):
        from . import states

        self.models[key] = model
        self.models.move_to_end(key)
        while len(self.models) > MOST_STATES:
            _, oldest = self.models.popitem(last=False)
            states.clear(oldest.folder)
            os.rmdir(oldest.folder)


DSDL_NAME = "{}_model"


class Param(dict):
    """
    What a template is told: its options by name, with their types; and as DSDL's container tells it, `feature_variables`,
    `target_variables` and `options`, in which options are texts.
    """

    def __init__(self, about, options, algo):
        target = [] if about["target"] is None else [about["target"]]
        features = list(about["features"])
        texts = {name: text_of(value) for name, value in options.items() if value is not None}
        super().__init__(
            options,
            feature_variables=features,
            target_variables=target,
            options={
                "params": {"algo": algo, **texts},
                "args": [*target, *features],
                "feature_variables": list(features),
                # Not there where there is none, as in DSDL.
                **({"target_variable": list(target)} if target else {}),
                "model_name": "model",
                "algo_name": "MLTKContainer",
                "mlspl_limits": {},
                "kfold_cv": None,
            },
        )


def text_of(value):
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def model_of(started, returned, dsdl):
    """In DSDL's convention `fit` changes what `init` made and returns what there is to tell; in Kepler's it returns the model."""
    if dsdl:
        return started if started is not None else returned
    return started if returned is None else returned


def classes_of(body):
    import pyarrow as pa

    table = pa.ipc.open_stream(pa.py_buffer(body)).read_all()
    column = table.column(table.num_columns - 1).combine_chunks()
    if not pa.types.is_dictionary(column.type):
        return sorted({str(value) for value in column.to_pylist() if value is not None})
    return [str(label) for label in column.dictionary.to_pylist()]


def classes_in(column):
    """Of a raw target, which may hold nulls: what the runtime takes for its classes."""
    from .tables import text_of

    values = column.to_pylist() if hasattr(column, "to_pylist") else column.to_list()
    return sorted_together([], {text_of(value) for value in values if value is not None and value == value})


def sorted_together(before, now):
    from .tables import number_of

    both = set(before or []) | set(now)
    numbers = {label: number_of(label) for label in both}
    return sorted(both, key=numbers.get) if None not in numbers.values() else sorted(both)


def summary_of(answer):
    """Fields and rows: of a DataFrame its own, of a dict its names and values."""
    if hasattr(answer, "to_pandas"):
        answer = answer.to_pandas()
    if hasattr(answer, "columns") and hasattr(answer, "itertuples"):
        return [str(name) for name in answer.columns], [[cell(value) for value in row] for row in answer.itertuples(index=False)]
    if isinstance(answer, dict) and isinstance(answer.get("fields"), (list, tuple)) and "rows" in answer:
        return [str(name) for name in answer["fields"]], [[cell(value) for value in row] for row in answer["rows"]]
    if isinstance(answer, dict):
        return ["name", "value"], [[name, cell(value)] for name, value in flat(answer)]
    if isinstance(answer, (list, tuple)) and all(isinstance(row, dict) for row in answer):
        fields = list(dict.fromkeys(str(name) for row in answer for name in row))
        return fields, [[cell(row.get(name)) for name in fields] for row in answer]
    return ["name", "value"], [["summary", cell(answer)]]


def flat(values, prefix=""):
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def cell(value):
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None if value != value else str(value)
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def is_number(value):
    import math

    try:
        return math.isfinite(float(value)) and not isinstance(value, str)
    except (TypeError, ValueError):
        return False


def assert_once(what, columns):
    names = [name for name, _ in columns]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise Refused(f'{what} returned two columns "{twice}".')


def needed(tables):
    import importlib

    for module in ("pyarrow", "numpy", {"pandas": "pandas", "polars": "polars"}.get(tables)):
        if module:
            try:
                importlib.import_module(module)
            except ModuleNotFoundError as error:
                raise Refused(
                    f"{sys.executable} has no {error.name}, which tables are handed over with. Install it there "
                    f"({sys.executable} -m pip install pyarrow pandas), or name the template's packages in <Name>.requirements.txt: "
                    "then Kepler makes an environment of its own for it."
                ) from error


def left_running(before):
    """Threads that a template has started and not ended: they would go on at the cost of the next search."""
    return [
        thread.name
        for thread in threading.enumerate()
        if thread not in before and not thread.daemon and thread.is_alive() and not thread.name.startswith(POOLS)
    ]


FUNCTIONS = ("init", "fit", "partial_fit", "apply", "probabilities", "summary", "evaluate", "explain", "to_onnx", "save", "load")
OPS = ("warm", "load", "about", "init", "fit", "state", "apply", "summary", "evaluate", "explain", "onnx")


def answer(host, header, body, seconds):
    fence = host.fence
    fence.violation = None
    threads = set(threading.enumerate())
    try:
        if header["op"] not in OPS:
            raise Refused(f"it was asked for {header['op']}, which a Python template has not.")
        if host.loaded is not None:
            fence.grant(host.memory_mb, seconds)
        reply, made = getattr(host, header["op"])(header, body)
        problem = fence.violation
        running = left_running(threads)
        if running:
            problem = f"it left {len(running)} thread{'s' if len(running) > 1 else ''} running ({', '.join(running[:3])}): end what you start before you return."
        if problem is None:
            return {**reply, "id": header["id"], "ok": True}, made
        return {"id": header["id"], "ok": False, "error": {"message": problem, "fatal": True}}, b""
    except BaseException as error:
        failure = failure_of(error, host.sources, host.memory_mb)
        if fence.violation is not None or isinstance(error, (SystemExit, KeyboardInterrupt)) or host.loaded is None:
            failure["fatal"] = True
        return {"id": header["id"], "ok": False, "error": failure}, b""
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass


def main():
    own, memory_mb, seconds, files = sys.argv[1], *map(int, sys.argv[2:5])
    # The folder is the runtime's to remove; what is in it is the template's.
    os.chdir(own)
    fence = Fence()
    fence.close(own, memory_mb, files)
    pipe = Pipe()
    kepler._host = pipe
    sys.modules["kepler"] = kepler
    host = Host(pipe, fence, own, memory_mb)
    kepler._keeper = host
    signal.signal(signal.SIGUSR2, host.where)
    while True:
        frame = pipe.receive()
        if frame is None:
            os._exit(0)
        reply, body = answer(host, *frame, seconds)
        pipe.send(reply, body)
