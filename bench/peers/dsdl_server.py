"""The `/apply` path of the open DSDL container, rebuilt as its wire contract describes it, to measure against.

    python dsdl_server.py MODELS PORT        MODELS: a folder of <algo>_<model>.joblib

POST /apply {"data": "<CSV>", "meta": {…}} -> {"status", "message", "results": "<CSV>"}. The whole body is CSV inside JSON;
the model is loaded from disk at each call, as there; what comes back is the prediction column alone, which is the least that
a template can answer with. Prints `ready` once it listens.
"""

import io
import json
import sys

import joblib
import pandas as pd
import uvicorn
from fastapi import FastAPI, Request

app = FastAPI()
models = sys.argv[1]


@app.post("/apply")
async def apply(request: Request):
    answer = {"status": "error", "message": "", "results": ""}
    try:
        body = json.loads((await request.body()).decode("utf-8"))
        frame = pd.read_csv(io.StringIO(body["data"]))
        meta = body["meta"]
        name = f'{meta["options"]["params"]["algo"]}_{meta["options"]["model_name"]}'
        model = joblib.load(f"{models}/{name}.joblib")
        values = model.predict(frame[meta["feature_variables"]].to_numpy())
        result = pd.DataFrame(values, columns=["predicted_" + meta["target_variables"][0]])
        answer["results"] = result.to_csv(index=False)
        answer["status"] = "success"
        answer["message"] = "/apply done successfully"
    except Exception as error:  # as there: every failure is a 200 with a message
        answer["message"] = str(error)
    return answer


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print("ready", flush=True)


if __name__ == "__main__":
    Server(uvicorn.Config(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")).run()
