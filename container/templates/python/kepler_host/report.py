"""
What of a template in Python would not work here, read from its source alone: nothing of it is run.

    python -I report.py < {"modules": {"Name.py": "..."}, "own": ["helper"]}   prints a JSON report
"""
import ast
import importlib.util
import json
import re
import sys

NETWORK = set(
    """requests urllib.request urllib3 http.client socket ssl httpx aiohttp ftplib smtplib paramiko splunklib pymilvus neo4j mlflow ollama
    openai boto3 huggingface_hub graphistry pinecone websocket websockets""".split()
)
PROCESSES = set("subprocess multiprocessing pyspark ray dask.distributed".split())
PATH = re.compile(r"/(?:[\w.-]+/)+[\w.-]*|/(?:srv|dltk|tmp|home|opt|var|etc|mnt|data)\b")
# Known since Python 3.10; before, what is there is not told from what came with the interpreter.
STANDARD = getattr(sys, "stdlib_module_names", frozenset())
FUNCTIONS = "init fit apply save load summary partial_fit probabilities explain evaluate to_onnx stage".split()


def report(text, own):
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return {"syntax": {"line": error.lineno, "message": error.msg}}
    found = {"functions": [], "imports": [], "network": [], "processes": [], "paths": [], "own": False}
    documented = docstrings(tree)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in FUNCTIONS:
            found["functions"].append(node.name)
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id in ("params", "kind") for one in node.targets):
            found["own"] = True
    seen = set()
    for node in ast.walk(tree):
        for name in imported(node):
            top = name.split(".")[0]
            if name in seen or top in own or top == "kepler":
                continue
            seen.add(name)
            found["imports"].append({"line": node.lineno, "name": name, "missing": missing(name), "standard": top in STANDARD})
            if {name, top} & NETWORK:
                found["network"].append({"line": node.lineno, "what": name})
            if {name, top} & PROCESSES or name.startswith("dask.distributed"):
                found["processes"].append({"line": node.lineno, "what": name})
        if isinstance(node, ast.Attribute) and node.attr in ("system", "popen", "fork") and isinstance(node.value, ast.Name) and node.value.id == "os":
            found["processes"].append({"line": node.lineno, "what": f"os.{node.attr}"})
        if isinstance(node, ast.Attribute) and node.attr == "from_pretrained":
            found["network"].append({"line": node.lineno, "what": "from_pretrained, which fetches what is not in its own folder"})
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented and PATH.match(node.value):
            found["paths"].append({"line": node.lineno, "path": node.value.split("\n")[0][:120]})
    return found


def imported(node):
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [node.module]
    return []


def missing(name):
    """Only the package itself is looked for: finding what is in it would run it."""
    try:
        return importlib.util.find_spec(name.split(".")[0]) is None
    except (ImportError, ValueError):
        return True


def docstrings(tree):
    """Texts that stand alone: documentation, or what somebody has commented out."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(report(asked["text"], set(asked["own"]))))
