"""A template's sources, run from their text: its functions, and what it says of itself or what can be told from its source."""
import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import linecache
import re
import sys

from .failures import Refused
from .tables import KINDS

TEMPLATE_KINDS = ("regressor", "classifier", "clusterer", "transformer")
RESERVED = {"options", "feature_variables", "target_variables"}
CLASSES = re.compile(
    r"classif|crossentropy|softmax|predict_proba|accuracy|num_classes|n_classes|unique\(|\bSVC\b|naive_?bayes|GaussianNB|LogisticRegression", re.I
)
NUMBERS = re.compile(r"regressor|regression|squared_error|squarederror|'mse'|r2_score|\bSVR\b|MSELoss|forecast", re.I)
CLUSTERS = re.compile(r"k_?means|dbscan|cluster", re.I)


class Loaded:
    """
    sources: what of a file's lines is said in messages, by the name that tracebacks give
    dsdl: written in DSDL's convention, in which `init` makes the model and `fit` trains it
    """

    def __init__(self, module, sources, tree, text):
        self.module = module
        self.sources = sources
        own = {name for name in ("params", "kind", "tables", "prepare") if hasattr(module, name)}
        self.dsdl = not own
        for name in ("fit", "apply"):
            if not callable(getattr(module, name, None)):
                raise Refused(f"it has no function {name}." + unexported(sources))
        self.tables = getattr(module, "tables", "pandas")
        if self.tables not in KINDS:
            raise Refused(f'its tables are "{self.tables}"; allowed are: {", ".join(KINDS)}.')
        used = strings_of(tree)
        self.wants_target = "target_variables" in used or "target_variable" in used
        self.kind = getattr(module, "kind", None) or self._kind_of(text)
        self.prepare = getattr(module, "prepare", "none" if self.dsdl else "numeric")
        if self.prepare not in ("numeric", "none"):
            raise Refused(f'its prepare is "{self.prepare}"; allowed are: numeric, none.')
        self.params = params_of(module, tree) if self.dsdl else getattr(module, "params", {})
        if self.dsdl:
            return
        properties = self.params.get("properties", self.params) if isinstance(self.params, dict) else None
        if not isinstance(properties, dict):
            raise Refused("its params must be a JSON Schema: params = {'properties': {'name': {'type': 'number'}}}.")
        taken = RESERVED & set(properties)
        if taken:
            raise Refused(f"its params name {', '.join(sorted(taken))}, which param holds for every template; choose another name.")
        self.params = self.params if "properties" in self.params else {"properties": properties}

    def has(self, name):
        return callable(getattr(self.module, name, None))

    def description(self):
        given = getattr(self.module, "description", None) or inspect.getdoc(self.module) or ""
        return str(given).strip().split("\n\n")[0].replace("\n", " ")[:500]

    def call(self, name, *args):
        """Calls the template's function with as many arguments as it takes."""
        function = getattr(self.module, name)
        try:
            wanted = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            return function(*args)
        if any(one.kind is one.VAR_POSITIONAL for one in wanted):
            return function(*args)
        return function(*args[: sum(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in wanted)])

    def _kind_of(self, text):
        if self.wants_target:
            return "classifier" if len(CLASSES.findall(text)) > len(NUMBERS.findall(text)) else "regressor"
        if not self.dsdl:
            raise Refused(f"it does not say its kind: write kind = '…', one of {', '.join(TEMPLATE_KINDS)}.")
        return "clusterer" if CLUSTERS.search(text) else "transformer"


def unexported(sources):
    return (
        ' In a notebook only cells count that are named (metadata "name": "mltkc_fit") or tagged ("fit").'
        if any(name.endswith(".ipynb") for name in sources)
        else ""
    )


def params_of(module, tree):
    """The options that a module in DSDL's convention reads, as texts: it may take any."""
    names = sorted(option for option in options_read(tree) if re.fullmatch(r"[A-Za-z_]\w*", option) and option not in ("algo", "mode"))
    return {"properties": {name: {"type": "string", "description": ""} for name in names}, "open": True}


def options_read(tree):
    """`x` of param['options']['params']['x'], of `'x' in param['options']['params']` and of `….get('x')`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and is_params(node.value) and isinstance(node.slice, ast.Constant):
            yield str(node.slice.value)
        elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant) and is_params(node.comparators[0]):
            yield str(node.left.value)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and is_params(node.func.value)
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


def is_params(node):
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == "params"


def strings_of(tree):
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


class Moved(ast.NodeTransformer):
    """DSDL's container has its files below /srv; a template has a folder of its own."""

    def __init__(self, srv):
        self._srv = srv

    def visit_Constant(self, node):
        if isinstance(node.value, str) and (node.value == "/srv" or node.value.startswith("/srv/")):
            return ast.copy_location(ast.Constant(self._srv + node.value[4:]), node)
        return node


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the template's own modules from their text: its process need not read its folder for it."""

    def __init__(self, texts, srv, hidden):
        self._texts = texts
        self._srv = srv
        self._hidden = hidden
        self.trees = {}

    def find_spec(self, fullname, path=None, target=None):
        for name, package in ((fullname.replace(".", "/") + ".py", False), (fullname.replace(".", "/") + "/__init__.py", True)):
            if name in self._texts and name != self._hidden:
                return importlib.util.spec_from_loader(fullname, self, origin=name, is_package=package)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__spec__.origin
        exec(self.compiled(name, name), module.__dict__)

    def compiled(self, name, shown):
        text = self._texts[name]
        linecache.cache[shown] = (len(text), None, text.splitlines(True), shown)
        tree = ast.parse(text, shown)
        self.trees[name] = tree
        if self._srv:
            tree = ast.fix_missing_locations(Moved(self._srv).visit(tree))
        return compile(tree, shown, "exec")


def place_in(file, cells):
    """Words for a line: of a file, or of a notebook's cell."""

    def place(line):
        inside = [cell for cell in cells if cell["line"] <= line]
        if not inside:
            return {"line": line, "file": file}
        return {"line": line - inside[-1]["line"] + 1, "file": f"{file}, cell {inside[-1]['name']}"}

    return place


def load(name, source, texts, cells, srv):
    """
    name: the template's. source: its file's name, as its author called it. texts: modules by file name; the first is the template.
    cells: of a notebook, the line of the module at which each begins
    """
    main = next(iter(texts))
    # A notebook umap.ipynb that imports umap means the library. By its name a pickled model finds its classes again.
    library = is_library(name)
    called = f"kepler_template_{name}" if library else name
    finder = Finder(texts, srv, main if library else None)
    sys.meta_path.insert(0, finder)
    sources = {file: place_in(file, []) for file in texts if file != main}
    sources[source] = place_in(source, cells)
    sys.modules.pop(called, None)
    spec = importlib.util.spec_from_loader(called, loader=None, origin=source)
    module = importlib.util.module_from_spec(spec)
    module.__file__ = source
    sys.modules[called] = module
    return finder, module, sources, main


def import_of(texts, own):
    """
    Imports the libraries that modules name at their top, with those that tables need. What fails here fails again, with its
    line, when the template itself is loaded.
    """
    hidden = {"kepler", *(re.split(r"[./]", file)[0] for file in own)}
    for text in texts:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        for node in tree.body:
            for name in imported_by(node):
                if name.split(".")[0] not in hidden:
                    with contextlib.suppress(Exception):
                        importlib.import_module(name)
    tables = re.search(r"^tables\s*=\s*['\"](\w+)", texts[0], re.M)
    for name in ("pyarrow", "numpy", tables.group(1) if tables else "pandas"):
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def imported_by(node):
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        yield node.module
        # A name may be a module of its own.
        yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name.islower())


def is_library(name):
    return name in sys.builtin_module_names or importlib.machinery.PathFinder.find_spec(name) is not None


def run(finder, module, sources, main, source):
    exec(finder.compiled(main, source), module.__dict__)
    text = linecache.cache[source][2]
    # Parsed anew: the one that ran was changed.
    return Loaded(module, sources, ast.parse("".join(text)), f"{module.__name__}\n{''.join(text)}")
