"""An error in the words of the template's author: which file and line of his, what was wrong, what to do."""
import sys
import traceback

from .fence import Fenced

DEEPEST_STACK = 30


class Refused(Exception):
    """What is wrong with a template or its answer, in a sentence; no line of the template threw it."""


def failure_of(error, sources, memory_mb):
    """
    sources: file names of the template's own modules, and a function from a line to the words for its place
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename in sources]
    place = None
    if isinstance(error, SyntaxError) and error.filename in sources:
        place = sources[error.filename](error.lineno or 1)
    elif own:
        place = sources[own[-1].filename](own[-1].lineno or 1)
    failure = {"message": message_of(error, memory_mb), "stack": stack_of(error)}
    if place is not None:
        failure.update(place)
    if isinstance(error, MemoryError):
        failure["code"] = "limit_memory"
        failure["fatal"] = True
    return failure


def message_of(error, memory_mb):
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, MemoryError):
        return (
            f"it needed more than the {memory_mb} MB of memory allowed. Give it fewer rows, let it keep less, or raise "
            "KEPLER_TEMPLATE_MEMORY_MB."
        )
    if isinstance(error, SystemExit):
        return f"it called sys.exit({'' if error.code is None else error.code!r}). A template may not end its process; raise an error instead."
    if isinstance(error, ModuleNotFoundError) and error.name:
        return missing_module(error.name)
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    words = str(error) or repr(error)
    if isinstance(error, Fenced):
        return words
    if isinstance(error, PermissionError):
        return f"PermissionError: {words}. A template may read and write its own folder only."
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str) and len(words) < 200:
        return f"KeyError: {words}"
    return f"{type(error).__name__}: {words}"


def missing_module(name):
    package = name.split(".")[0]
    pip = {"sklearn": "scikit-learn", "cv2": "opencv-python", "PIL": "pillow", "yaml": "pyyaml", "umap": "umap-learn"}.get(package, package)
    return (
        f'there is no module "{name}" in {sys.executable}. Write {pip} into the requirements.txt of the template '
        f"(<Name>.requirements.txt beside it), or install it there: {sys.executable} -m pip install {pip}"
    )


def stack_of(error):
    return "".join(traceback.format_exception(type(error), error, error.__traceback__)[-DEEPEST_STACK:])[-8000:]
