/** The files beside a model's ONNX graph that let `mlflow.pyfunc.load_model` read it. */

export interface Signature {
  readonly fields: readonly { readonly name: string; readonly kind: 'number' | 'text' }[];
  readonly target?: { readonly name: string; readonly classes?: readonly string[] };
  readonly kind: string;
}

/** @returns files by their path below the run's `model` folder */
export function pyfuncFiles(signature: Signature): Readonly<Record<string, string>> {
  return {
    MLmodel: `${JSON.stringify(mlmodel(signature), null, 2)}\n`,
    'code/kepler_onnx.py': LOADER,
    'requirements.txt': 'mlflow\nonnxruntime\nnumpy\npandas\n',
  };
}

/** A model without a graph (one for each group, a template's): what it is stands there, and only Kepler can apply it. */
export function describedOnly(about: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return {
    MLmodel: `${JSON.stringify({ flavors: { kepler: { data: 'kepler.json' } } }, null, 2)}\n`,
    'kepler.json': `${JSON.stringify(about, null, 2)}\n`,
  };
}

/** YAML is wanted; JSON is YAML. */
function mlmodel({ fields, target, kind }: Signature): unknown {
  const inputs = fields.map(({ name, kind: of }) => ({
    type: of === 'number' ? 'double' : 'string',
    name,
    required: true,
  }));
  const output =
    target === undefined
      ? undefined
      : { type: target.classes ? 'string' : 'double', name: `predicted(${target.name})` };
  return {
    flavors: {
      onnx: { data: 'model.onnx', providers: ['CPUExecutionProvider'] },
      python_function: {
        loader_module: 'kepler_onnx',
        data: 'model.onnx',
        code: 'code',
        python_version: '3.11.0',
        env: { virtualenv: 'requirements.txt' },
      },
    },
    metadata: { kepler_kind: kind, ...(target && { target: target.name }) },
    signature: {
      inputs: JSON.stringify(inputs),
      ...(output && !target?.classes && { outputs: JSON.stringify([output]) }),
    },
  };
}

/**
 * MLflow's own loader of ONNX gives each column as a vector, and wants one value a row of each output; Kepler's graphs take a
 * column of shape [rows, 1] a field, and answer with probabilities beside labels.
 */
const LOADER = `"""Loads a model that Kepler trained, for mlflow.pyfunc.

predict takes a DataFrame (or a dict of columns) with the fields that the model was fitted on, and gives a DataFrame: the
prediction as Kepler's apply names it, and a column "probability(<target>=<class>)" for each class. Rows with an empty field
get an empty prediction.
"""
import json

import numpy as np
import onnxruntime
import pandas as pd


class KeplerModel:
    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        meta = self.session.get_modelmeta().custom_metadata_map
        self.target = meta.get("target")
        self.classes = json.loads(meta["classes"]) if "classes" in meta else None

    def predict(self, data, params=None):
        frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
        inputs = self.session.get_inputs()
        missing = [i.name for i in inputs if i.name not in frame.columns]
        if missing:
            raise ValueError("Fields that the model needs are missing: " + ", ".join(missing))
        whole = ~frame[[i.name for i in inputs]].isna().any(axis=1).to_numpy()
        feeds = {}
        for i in inputs:
            column = frame[i.name].to_numpy()[whole]
            if i.type == "tensor(string)":
                feeds[i.name] = np.array([str(v) for v in column], dtype=object).reshape(-1, 1)
            else:
                feeds[i.name] = np.asarray(column, dtype=np.float64).reshape(-1, 1)
        result = pd.DataFrame(index=frame.index)
        if not whole.any():
            return result
        answers = self.session.run(None, feeds)
        for output, answer in zip(self.session.get_outputs(), answers):
            answer = np.asarray(answer)
            if answer.ndim == 1:
                answer = answer.reshape(-1, 1)
            for k, name in enumerate(self._names(output.name, answer.shape[1])):
                column = np.full(len(frame), None if answer.dtype == object else np.nan, dtype=object if answer.dtype == object else np.float64)
                column[whole] = answer[:, k]
                result[name] = column
        return result

    def _names(self, output, columns):
        kind = output.rstrip("_")
        if kind == "probabilities" and self.classes:
            return ["probability(%s=%s)" % (self.target, c) for c in self.classes]
        if kind == "label":
            return ["predicted(%s)" % self.target if self.target else "cluster"]
        if kind == "variable" and self.target and columns == 1:
            return ["predicted(%s)" % self.target]
        return [output] if columns == 1 else ["%s_%d" % (output, k + 1) for k in range(columns)]


def _load_pyfunc(path):
    return KeplerModel(path)
`;
