"""A container as the open-source DSDL container answers, rebuilt from its wire contract: to drive, and to be wrong in the same ways.

    python main.py TOKEN FOLDER        prints its port once it listens; models and staged rows lie in FOLDER

Kept as there: one call at a time (so a summary waits for a fit), one model for the whole process, every failure an answer of status
200, the token looked for anywhere in the header, the order parse, stage, import, init, fit, save, apply.
"""

import importlib
import io
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import pandas as pd

TOKEN, FOLDER = sys.argv[1:3]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
held = {}


def clean(text):
    return text.lstrip('"').rstrip('"')


def module_of(meta):
    return importlib.import_module("model." + clean(meta["options"]["params"]["algo"]))


def saved(meta):
    name = meta["options"].get("model_name", "default")
    return os.path.join(FOLDER, clean(meta["options"]["params"]["algo"]) + "_" + name)


def fit(data, meta):
    frame = pd.read_csv(io.StringIO(data))
    name = meta["options"].get("model_name", "default")
    if clean(meta["options"]["params"].get("mode", "")) == "stage":
        frame.to_csv(os.path.join(FOLDER, name + ".csv"), index=False)
        with open(os.path.join(FOLDER, name + ".json"), "w") as file:
            json.dump(meta, file)
        return {"status": "staged", "message": "Model data staged successfully in " + name + ".csv"}
    module = module_of(meta)
    model = module.init(frame, meta)
    module.fit(model, frame, meta)
    module.save(model, saved(meta))
    held.update(model=model, module=module)
    results = pd.DataFrame(module.apply(model, frame, meta)).to_csv(index=False)
    return {"status": "success", "message": "/fit done successfully", "results": results}


def apply(data, meta):
    frame = pd.read_csv(io.StringIO(data))
    module = module_of(meta)
    model = module.load(saved(meta))
    held.update(model=model, module=module)
    results = pd.DataFrame(module.apply(model, frame, meta)).to_csv(index=False)
    return {"status": "success", "message": "/apply done successfully", "results": results}


def summary():
    told = {"app": "a test peer", "version": "5.2.4", "model": "no model exists", "token": "valid"}
    if held:
        told["model"] = str(held["model"])
        told["model_summary"] = held["module"].summary(held["model"])
    return json.dumps(told)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.allowed():
            self.send(200, summary())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        with open(os.path.join(FOLDER, "calls.jsonl"), "a") as file:
            file.write(json.dumps({"path": self.path, **json.loads(body)}) + "\n")
        if not self.allowed():
            return
        call = {"/fit": fit, "/apply": apply}[self.path]
        try:
            parsed = json.loads(body)
            answer = call(parsed["data"], parsed["meta"])
        except Exception as error:  # as there
            answer = {"status": "error", "message": self.path + ": ERROR: " + str(error)}
        self.send(200, answer)

    def allowed(self):
        if TOKEN in (self.headers.get("authorization") or ""):
            return True
        self.send(401, {"detail": "Invalid token"})
        return False

    def send(self, status, answer):
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
