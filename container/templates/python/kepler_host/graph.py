"""What `to_onnx` writes into: its calls are written down here and called again in the runtime (templates/graph-recording.ts).

    def to_onnx(model, graph):
        product, = graph.node("MatMul", [graph.input, graph.tensor(model["weights"].reshape(-1, 1))])
        graph.output("variable", product, "double", 1)

Or it returns an ONNX model of its own (skl2onnx, PyTorch's exporter: a ModelProto or its bytes), which is taken in node by node.
"""
from .failures import Refused

INPUT = "input"
OPSET, ML_OPSET, ML = 17, 3, "ai.onnx.ml"
FLOAT, INT64, STRING, DOUBLE = 1, 7, 8, 11
TYPES = {DOUBLE: "double", FLOAT: "float", INT64: "int64", STRING: "string"}
ASK = f"Write it with target_opset={{'': {OPSET}, '{ML}': {ML_OPSET}}}."


class Graph:
    def __init__(self, features):
        # The prepared features, one matrix of doubles: [rows, features].
        self.input = INPUT
        self.features = features
        self.calls = []
        self.outputs = 0
        self._values = 0

    def node(self, op, inputs, outputs=1, attributes=None, domain=None, **more):
        """Names of its outputs, as a list."""
        names = [self._fresh() for _ in range(outputs)]
        given = {**(attributes or {}), **more}
        call = {"call": "node", "op": op, "inputs": list(inputs), "outputs": names}
        call["attributes"] = {name: attribute_of(name, value) for name, value in given.items()}
        self.calls.append({**call, **({"domain": domain} if domain else {})})
        return names

    def tensor(self, values, dims=None):
        """Numbers or texts; a float32 array stays one, other fractions are doubles, whole numbers int64."""
        import numpy as np

        array = np.asarray(values)
        dims = list(array.shape) if dims is None else [int(dim) for dim in dims]
        if array.dtype.kind in "USO":
            held = [str(one) for one in array.reshape(-1).tolist()]
        elif array.dtype.kind in "iub":
            held = array.astype(np.int64).reshape(-1)
        else:
            held = array.astype(np.float32 if array.dtype == np.float32 else np.float64).reshape(-1)
        name = self._fresh()
        self.calls.append({"call": "tensor", "name": name, "values": held, "dims": dims})
        return name

    def output(self, name, value, type="double", columns=None):
        """columns: None for a vector [rows]. Kepler reads "variable" (numbers) or "label", and "probabilities"."""
        self.outputs += 1
        self.calls.append({"call": "output", "name": name, "value": value, "type": type, "columns": columns})

    def _fresh(self):
        self._values += 1
        return f"value_{self._values}"

    def splice(self, calls, result):
        """Takes in calls that were recorded elsewhere. The name here of their value `result`."""
        names = {INPUT: INPUT}
        for call in calls:
            call = dict(call)
            if call["call"] == "tensor":
                names[call["name"]] = fresh = self._fresh()
                call["name"] = fresh
            else:
                call["inputs"] = [names[one] if one else "" for one in call["inputs"]]
                made = [self._fresh() for _ in call["outputs"]]
                names.update(zip(call["outputs"], made))
                call["outputs"] = made
            self.calls.append(call)
        return names[result]

    def add(self, model):
        """An ONNX model of [rows, features], or of one input a feature in their order."""
        import onnx
        from onnx import helper, numpy_helper, shape_inference

        if isinstance(model, (bytes, bytearray, memoryview)):
            model = onnx.load_model_from_string(bytes(model))
        model = shape_inference.infer_shapes(at_opset(model))
        graph = model.graph
        names = {"": ""}
        for one in graph.initializer:
            names[one.name] = self._constant(numpy_helper.to_array(one))
        self._inputs([one for one in graph.input if one.name not in names], names)
        for node in graph.node:
            attributes = {}
            for one in node.attribute:
                attributes[one.name] = helper.get_attribute_value(one)
            if node.op_type == "Constant" and not node.domain:
                names[node.output[0]] = self._constant(constant_of(attributes, numpy_helper))
                continue
            for name, value in attributes.items():
                attributes[name] = foreign(node.op_type, name, value, numpy_helper)
            made = self.node(node.op_type, [names[one] for one in node.input], len(node.output), attributes, node.domain or None)
            names.update(zip(node.output, made))
        taken = set()
        for one in graph.output:
            self._foreign_output(one, names, taken)

    def _inputs(self, inputs, names):
        if len(inputs) not in (1, self.features):
            raise Refused(
                f"to_onnx: the model has {len(inputs)} inputs; it takes one matrix of {self.features} features, or one input each."
            )
        for at, one in enumerate(inputs):
            kind, dims = one.type.tensor_type.elem_type, one.type.tensor_type.shape.dim
            if len(inputs) == 1:
                value = INPUT
            else:
                # A vector, or one column.
                place = self.tensor([at] if len(dims) == 2 else at)
                (value,) = self.node("Gather", [INPUT, place], axis=1)
            if kind != DOUBLE:
                (value,) = self.node("Cast", [value], to=kind)
            names[one.name] = value

    def _constant(self, array):
        import numpy as np

        name = self.tensor(array)
        if array.dtype in (np.float64, np.float32, np.int64) or array.dtype.kind in "USO":
            return name
        import onnx

        return self.node("Cast", [name], to=onnx.helper.np_dtype_to_tensor_dtype(array.dtype))[0]

    def _foreign_output(self, one, names, taken):
        if not one.type.HasField("tensor_type"):
            raise Refused(f'to_onnx: its output "{one.name}" is no tensor. With skl2onnx, give options={{"zipmap": False}}.')
        kind, dims = one.type.tensor_type.elem_type, one.type.tensor_type.shape.dim
        if kind not in TYPES:
            raise Refused(f'to_onnx: its output "{one.name}" holds neither numbers (double, float, int64) nor texts.')
        if kind in (INT64, STRING):
            name = "label"
        else:
            name = "probabilities" if "label" in taken else "variable"
        taken.add(name)
        columns = None if len(dims) < 2 else dims[1].dim_value or 1
        self.output(name, names[one.name], TYPES[kind], columns)


def at_opset(model):
    from onnx import version_converter

    sets = {one.domain if one.domain != "ai.onnx" else "": one.version for one in model.opset_import}
    if sets.get(ML, ML_OPSET) > ML_OPSET:
        raise Refused(f"to_onnx: the model is of {ML} {sets[ML]}. {ASK}")
    if sets.get("", OPSET) == OPSET:
        return model
    try:
        return version_converter.convert_version(model, OPSET)
    except Exception as error:
        raise Refused(f"to_onnx: the model is of operator set {sets['']}, which cannot be made {OPSET} ({error}). {ASK}") from error


def constant_of(attributes, numpy_helper):
    import numpy as np

    ((name, value),) = attributes.items()
    if name == "value":
        return numpy_helper.to_array(value)
    if name.startswith("value_string"):
        return np.asarray([one.decode() for one in value] if isinstance(value, list) else value.decode())
    return np.asarray(value, dtype=np.int64 if name.startswith("value_int") else np.float32)


def foreign(op, name, value, numpy_helper):
    """An attribute as onnx.helper gives it."""
    import numpy as np

    if hasattr(value, "node"):
        raise Refused(f"to_onnx: {op} holds a graph of its own ({name}), which cannot be taken in.")
    if hasattr(value, "raw_data"):
        array = numpy_helper.to_array(value)
        if array.dtype != np.float64:
            raise Refused(f"to_onnx: {op} holds {array.dtype} in {name}; only doubles can be taken in.")
        return array
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list) and value and isinstance(value[0], bytes):
        return [one.decode() for one in value]
    return value


def attribute_of(name, value):
    """As the runtime takes it: numbers say whether they are whole."""
    import numpy as np

    if isinstance(value, (str, dict)):
        return value
    if isinstance(value, (bool, int, np.integer, np.bool_)):
        return {"int": int(value)}
    if isinstance(value, (float, np.floating)):
        return {"float": float(value)}
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return {"doubles": value.reshape(-1), "dims": list(value.shape)}
    listed = value.tolist() if hasattr(value, "tolist") else list(value)
    if all(isinstance(one, str) for one in listed) and listed:
        return {"strings": listed}
    if all(isinstance(one, (bool, int)) for one in listed):
        return {"ints": [int(one) for one in listed]}
    if all(isinstance(one, (bool, int, float)) for one in listed):
        return {"floats": [float(one) for one in listed]}
    raise Refused(f'to_onnx: the attribute "{name}" is no number, text, list of them or array of doubles.')
