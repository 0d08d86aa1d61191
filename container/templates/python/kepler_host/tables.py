"""Tables as Arrow: what a template is given, and what it answers with, in the runtime's form; every mistake named."""
import math
import re

import pyarrow as pa

from .failures import Refused

KINDS = ("pandas", "polars", "arrow")
NUMBER = re.compile(r"-?\d+(\.\d*)?([eE][-+]?\d+)?")


def read(body, kind, target=None, dsdl=False):
    """An Arrow IPC stream as the table that the template asks for; with a target, that is the last column."""
    table = pa.ipc.open_stream(pa.py_buffer(body)).read_all()
    last = table.num_columns - 1
    columns = [
        plain(column.combine_chunks(), target is not None and at == last, dsdl) for at, column in enumerate(table.columns)
    ]
    table = pa.table(columns, names=table.column_names)
    if kind == "arrow":
        return table
    if kind == "polars":
        import polars

        return polars.from_arrow(table)
    return table.to_pandas()


def texts_in(body):
    """Names of the columns that hold text."""
    return [field.name for field in pa.ipc.open_stream(pa.py_buffer(body)).schema if pa.types.is_dictionary(field.type)]


def plain(column, target, dsdl):
    """
    Texts come as a dictionary. Classes of a target that all are numbers are what `pandas.read_csv` makes of them; and so, in DSDL's
    convention, are whole numbers.
    """
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_dictionary(column.type):
        if not target:
            return column.cast(column.type.value_type)
        values, kind = values_of([str(text) for text in column.dictionary.to_pylist()])
        return pa.array(values, type=kind).take(column.indices)
    if dsdl and pa.types.is_floating(column.type) and column.null_count == 0:
        import numpy as np

        numbers = column.to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            if len(numbers) and np.isfinite(numbers).all() and (numbers == np.rint(numbers)).all() and np.abs(numbers).max() < 2**53:
                return pa.array(numbers.astype(np.int64))
    return column


def none():
    return pa.array([], pa.float64())


def assert_numbers(name, array):
    if not pa.types.is_floating(array.type):
        raise Refused(f'apply returned texts in "{name}"; a regressor predicts numbers.')


def values_of(labels):
    """Class labels as the values that a template sees, and their Arrow type."""
    numbers = [number_of(label) for label in labels]
    # Two labels of one number (1 and 01) can only be told apart as texts.
    if not labels or None in numbers or len(set(numbers)) < len(numbers):
        return labels, pa.string()
    if all(isinstance(number, int) and abs(number) < 2**53 for number in numbers):
        return numbers, pa.int64()
    return [float(number) for number in numbers], pa.float64()


def number_of(text):
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return int(text) if text.lstrip("-").isdigit() else number if math.isfinite(number) else None


def columns_of(answer, rows, base, target, lenient, warn, what="apply"):
    """
    What `apply` (or what else is named) returned as a list of (name, Arrow array), each with a value for each row.
    base: the name of a column that has none. lenient: as DSDL's container takes it (see docs/python-templates.md).
    """
    if hasattr(answer, "to_arrow"):
        answer = answer.to_arrow()
    if isinstance(answer, (pa.Array, pa.ChunkedArray)):
        pairs = [(None, answer)]
    elif isinstance(answer, pa.Table):
        pairs = list(zip(answer.column_names, answer.columns))
    elif hasattr(answer, "columns") and hasattr(answer, "iloc"):
        pairs = [(answer.columns[i], answer.iloc[:, i]) for i in range(answer.shape[1])]
    elif isinstance(answer, dict):
        pairs = list(answer.items())
    elif hasattr(answer, "ndim"):
        if answer.ndim not in (1, 2):
            raise Refused(f"{what} returned an array of {answer.ndim} dimensions; a table has two.")
        pairs = [(None, answer)] if answer.ndim == 1 else [(i, answer[:, i]) for i in range(answer.shape[1])]
    elif isinstance(answer, (list, tuple)):
        nested = bool(answer) and all(isinstance(row, (list, tuple)) for row in answer)
        width = max((len(row) for row in answer), default=0) if nested else 0
        pairs = [(i, [row[i] if i < len(row) else None for row in answer]) for i in range(width)] if nested else [(None, list(answer))]
    else:
        raise Refused(
            f"{what} returned {type(answer).__name__}; it must return a DataFrame, Series, array or list with a value for each row."
        )
    if not pairs:
        raise Refused(f"{what} returned no column.")
    single = len(pairs) == 1
    named = []
    for place, (name, values) in enumerate(pairs):
        unnamed = name is None or isinstance(name, int)
        text = str(name)
        if target is not None and text in (target, f"predicted_{target}", f"predicted({target})"):
            text = base
        elif single and (unnamed or (lenient and target is not None)):
            text = base
        elif unnamed:
            text = f"{base}_{place + 1}"
        array = array_of(values, text, lenient, what)
        if len(array) != rows:
            if not lenient:
                raise Refused(f'{what} returned {len(array)} values in "{text}" for {rows} rows; each row needs one.')
            if place == 0:
                warn(
                    f"apply returned {len(array)} rows for {rows}: "
                    + ("the others have empty fields." if len(array) < rows else "those beyond were left out.")
                )
            array = fitted(array, rows)
        named.append((text, array))
    # The prediction stands first: it is what `as` names, and what is measured.
    named.sort(key=lambda one: one[0] != base)
    return named


def array_of(values, name, lenient, what="apply"):
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not isinstance(values, pa.Array):
        kind = getattr(getattr(values, "dtype", None), "kind", None)
        if kind in ("f", "i", "u") and hasattr(values, "to_numpy"):
            numbers = values.to_numpy()
            values = doubles(numbers) if getattr(numbers, "dtype", None) != object else pa.array(values)
        elif kind in ("f", "i", "u") and hasattr(values, "__array__"):
            # What is masked has no value.
            values = doubles(values.astype("float64").filled(math.nan) if hasattr(values, "filled") else values)
        elif kind in ("M", "m"):
            # As a list, NumPy's times would be numbers.
            values = pa.array(values, from_pandas=True)
        else:
            values = objects(values, name, lenient, what)
    kind = values.type
    if pa.types.is_dictionary(kind):
        return values
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return values.cast(pa.float64(), safe=False)
    if pa.types.is_boolean(kind):
        return pa.array([None if one is None else "true" if one else "false" for one in values.to_pylist()], pa.string())
    if pa.types.is_null(kind):
        return values.cast(pa.float64())
    if pa.types.is_temporal(kind):
        return pa.array([None if one is None else one.isoformat() if hasattr(one, "isoformat") else str(one) for one in values.to_pylist()], pa.string())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values.cast(pa.string())
    return texts(values.to_pylist(), name, lenient, what)


def doubles(numbers):
    """Without pa.array, which would import pandas first, where it is installed, in the middle of a search."""
    import numpy as np

    held = np.ascontiguousarray(numbers, dtype=np.float64)
    return pa.Array.from_buffers(pa.float64(), len(held), [None, pa.py_buffer(held)])


def objects(values, name, lenient, what):
    """Cells of any Python type: numbers where all are, else texts."""
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    if not isinstance(listed, list):
        listed = [listed]
    if all(type(one) is float or type(one) is int for one in listed):
        return doubles(listed)
    try:
        array = pa.array(listed, from_pandas=True)
        if not (pa.types.is_nested(array.type) or pa.types.is_binary(array.type)):
            return array
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        pass
    return texts(listed, name, lenient, what)


def texts(listed, name, lenient, what):
    made = []
    for row, value in enumerate(listed):
        if value is None or (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in ("NAType", "NaTType"):
            made.append(None)
        elif lenient or isinstance(value, (str, int, float)) or hasattr(value, "isoformat") or hasattr(value, "item"):
            made.append(str(value))
        else:
            raise Refused(
                f'{what} returned {type(value).__name__} in "{name}", row {row + 1}; a cell is a number or a text.'
            )
    return pa.array(made, pa.string())


def fitted(array, rows):
    if len(array) >= rows:
        return array.slice(0, rows)
    return pa.concat_arrays([array, pa.nulls(rows - len(array), array.type)])


def labelled(array, labels):
    """Predictions of a classifier as places among its classes; a value that is none of them becomes a label of its own."""
    import numpy as np

    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    values, _ = values_of(labels)
    place = {value: at for at, value in enumerate(values)}
    place.update({label: at for at, label in enumerate(labels)})
    all_labels = list(labels)
    recode = []
    for value in array.dictionary.to_pylist():
        at = place.get(value)
        if at is None:
            at = len(all_labels)
            all_labels.append(text_of(value))
        recode.append(at)
    codes = np.full(len(array), -1, dtype=np.int32)
    indices = array.indices
    present = np.asarray(indices.is_valid())
    if recode:
        codes[present] = np.asarray(recode, dtype=np.int32)[np.asarray(indices.drop_null())]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(all_labels, pa.string()))


def text_of(value):
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def write(columns, rows):
    table = pa.table([array for _, array in columns], names=[name for name, _ in columns])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        for batch in table.combine_chunks().to_batches(max_chunksize=max(1, rows)):
            stream.write_batch(batch)
    return sink.getvalue()
