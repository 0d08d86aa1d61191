"""The search head's half of an apply over the DSDL wire: splunkd's bytes in, splunkd's bytes out.

    python dsdl_command.py URL ALGO MODEL TARGET FEATURE,FEATURE…

Speaks chunked v2, turns each chunk into a pandas frame, sends the feature columns as CSV inside JSON, joins the answer to the
frame and writes all of it as CSV. One connection is kept alive (the real one opens its own each time: this is the kinder form).
"""

import io
import json
import sys

import pandas as pd
import requests


def read(stream):
    line = stream.readline()
    while line == b"\n":
        line = stream.readline()
    if not line:
        return None
    _, meta, body = line.split(b",")
    return json.loads(stream.read(int(meta))), stream.read(int(body))


def write(stream, metadata, body=b""):
    meta = json.dumps(metadata).encode()
    stream.write(b"chunked 1.0,%d,%d\n%b" % (len(meta), len(body), meta))
    stream.write(body)
    stream.flush()


def score(session, url, meta, frame):
    features = meta["feature_variables"]
    payload = json.dumps({"data": frame[features].to_csv(index=False), "meta": meta})
    answer = session.post(url + "/apply", data=payload, headers={"Authorization": "token", "Content-Type": "application/json"})
    answer = answer.json()
    if answer["status"] != "success":
        raise RuntimeError(answer["message"])
    return pd.read_csv(io.StringIO(answer["results"]))


def main():
    url, algo, model, target, features = sys.argv[1:]
    meta = {
        "options": {
            "params": {"algo": algo},
            "args": [target] + features.split(","),
            "target_variable": [target],
            "feature_variables": features.split(","),
            "model_name": model,
            "algo_name": "MLTKContainer",
            "mlspl_limits": {},
        },
        "feature_variables": features.split(","),
        "target_variables": [target],
    }
    stdin, stdout, session = sys.stdin.buffer, sys.stdout.buffer, requests.Session()
    read(stdin)
    write(stdout, {"type": "stateful", "required_fields": ["*"]})
    while (message := read(stdin)) is not None:
        metadata, body = message
        frame = pd.read_csv(io.StringIO(body.decode("utf-8")))
        result = score(session, url, meta, frame)
        frame = pd.concat([frame.reset_index(drop=True), result], axis=1)
        write(stdout, {"finished": metadata["finished"]}, frame.to_csv(index=False).encode("utf-8"))
        if metadata["finished"]:
            break


main()
