"""Compares every field and every prediction of two runs on the same rows.

    python compare.py INPUT LENGTHS.json OURS OURS_LENGTHS.json OUR_FIELD THEIRS THEIR_LENGTHS.json THEIR_FIELD TOLERANCE

Each file holds reply bodies one behind the other. Ours must hold every cell of the input as it went in, in order, with the
prediction added; the predictions of both must agree to the relative tolerance. Read by pandas, which shares no code with
what is compared.
"""

import io
import json
import sys

import numpy as np
import pandas as pd


def bodies(path, lengths):
    with open(path, "rb") as file:
        for length in json.load(open(lengths)):
            body = file.read(length)
            yield pd.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False)


def main():
    source, source_lengths, ours, ours_lengths, our_field, theirs, their_lengths, their_field, tolerance = sys.argv[1:]
    rows, worst = 0, 0.0
    for given, answer, peer in zip(bodies(source, source_lengths), bodies(ours, ours_lengths), bodies(theirs, their_lengths), strict=True):
        if list(answer.columns) != [*given.columns, our_field]:
            sys.exit(f"fields {list(answer.columns)} in place of {[*given.columns, our_field]}")
        if not (len(given) == len(answer) == len(peer)):
            sys.exit(f"{len(answer)} rows of ours, {len(peer)} of theirs, {len(given)} given, after row {rows}")
        for name in given.columns:
            if (different := np.flatnonzero(given[name].to_numpy() != answer[name].to_numpy())).size:
                sys.exit(f"{name} differs in row {rows + different[0]}")
        a = answer[our_field].to_numpy(dtype=float)
        b = peer[their_field].to_numpy(dtype=float)
        error = np.abs(a - b) / np.maximum(np.abs(b), 1e-9)
        if not (error <= float(tolerance)).all():
            at = int(np.argmax(np.where(np.isnan(error), np.inf, error)))
            sys.exit(f"row {rows + at}: {a[at]!r} of ours, {b[at]!r} of theirs")
        worst = max(worst, float(error.max(initial=0)))
        rows += len(given)
    print(json.dumps({"rows": rows, "worst_relative_difference": worst}))


main()
