"""Plain values with typed arrays as bytes, and back: the form of the runtime's registry/state-codec.ts, which says what it is.

Only lists, dicts, texts, numbers and NumPy arrays travel so; a model of Python's own is packed by states.py.
"""
import json
import math
import struct

MAGIC = 0x3154534B
PREAMBLE = struct.Struct("<II")
ALIGNMENT = 8
KINDS = {
    "f64": "<f8", "f32": "<f4", "i32": "<i4", "u32": "<u4", "i16": "<i2", "u16": "<u2", "i8": "i1", "u8": "u1", "u8c": "u1",
    "i64": "<i8", "u64": "<u8",
}
BY_TYPE = {"f8": "f64", "f4": "f32", "i4": "i32", "u4": "u32", "i2": "i16", "u2": "u16", "i1": "i8", "u1": "u8", "i8": "i64", "u8": "u64"}


def encode(value):
    import numpy as np

    arrays = []
    size = 0

    def marked(one):
        nonlocal size
        if one is None or isinstance(one, (bool, str, int)):
            return one
        if isinstance(one, float):
            if math.isfinite(one) and not (one == 0 and math.copysign(1, one) < 0):
                return one
            return {"$": ["number", "-0" if one == 0 else "NaN" if one != one else "Infinity" if one > 0 else "-Infinity"]}
        if isinstance(one, np.ndarray):
            name = BY_TYPE[f"{one.dtype.kind}{one.dtype.itemsize}"]
            array = np.ascontiguousarray(one, dtype=KINDS[name]).reshape(-1)
            mark = {"$": [name, size, int(array.size)]}
            arrays.append((size, array))
            size = aligned(size + array.nbytes)
            return mark
        if isinstance(one, (list, tuple)):
            return [marked(item) for item in one]
        if isinstance(one, dict):
            entries = [[str(key), marked(item)] for key, item in one.items()]
            return {"$": ["object", entries]} if "$" in one else dict(entries)
        raise TypeError(f"{type(one).__name__} is no text, number, list, dict or array")

    text = json.dumps(marked(value)).encode()
    start = aligned(PREAMBLE.size + len(text))
    packed = bytearray(start + size)
    PREAMBLE.pack_into(packed, 0, MAGIC, len(text))
    packed[PREAMBLE.size : PREAMBLE.size + len(text)] = text
    for at, array in arrays:
        packed[start + at : start + at + array.nbytes] = array.tobytes()
    return packed


def decode(packed):
    import numpy as np

    view = memoryview(packed)
    magic, length = PREAMBLE.unpack(view[: PREAMBLE.size])
    if magic != MAGIC:
        raise ValueError("these bytes are of another format")
    start = aligned(PREAMBLE.size + length)

    def plain(one):
        if isinstance(one, list):
            return [plain(item) for item in one]
        if not isinstance(one, dict):
            return one
        if "$" not in one:
            return {key: plain(item) for key, item in one.items()}
        kind, *rest = one["$"]
        if kind == "number":
            return float(rest[0])
        if kind == "object":
            return {key: plain(item) for key, item in rest[0]}
        at, count = rest
        return np.frombuffer(view, dtype=KINDS[kind], count=count, offset=start + at)

    return plain(json.loads(bytes(view[PREAMBLE.size : PREAMBLE.size + length])))


def aligned(size):
    return -(-size // ALIGNMENT) * ALIGNMENT
