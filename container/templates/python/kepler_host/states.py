"""A model's files as bytes, and back. Only this process, which its template alone runs in, ever loads them.

    u32 bytes of the header   header (JSON: format, what is known of the model, files with their sizes)   the files, one by one
"""
import io
import json
import os
import pickle
import shutil
import struct

from .failures import Refused

LENGTH = struct.Struct("<I")
PICKLE = ".kepler.pickle"


def pack(about, folder):
    files = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            if os.path.isfile(path) and not os.path.islink(path):
                files.append((os.path.relpath(path, folder), path, os.path.getsize(path)))
    header = json.dumps(
        {"format": "python", **about, "files": [{"name": name, "size": size} for name, _, size in files]}
    ).encode()
    packed = io.BytesIO()
    packed.write(LENGTH.pack(len(header)) + header)
    for _, path, _ in files:
        with open(path, "rb") as file:
            shutil.copyfileobj(file, packed, 1 << 20)
    return packed.getbuffer()


def unpack(packed, folder):
    """Writes the files into the folder, and answers with the header."""
    view = memoryview(packed)
    try:
        (length,) = LENGTH.unpack(view[: LENGTH.size])
        header = json.loads(bytes(view[LENGTH.size : LENGTH.size + length]))
        assert header["format"] == "python"
    except Exception as error:
        raise Refused("the model's state is damaged. Fit it again, or apply another version.") from error
    at = LENGTH.size + length
    for file in header["files"]:
        path = os.path.join(folder, file["name"])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(view[at : at + file["size"]])
        at += file["size"]
    return header


def clear(folder):
    os.makedirs(folder, exist_ok=True)
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.remove(entry.path)


def files_in(folder):
    """Each file with its size and when it was written."""
    paths = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]
    return {(path, os.path.getsize(path), os.stat(path).st_mtime_ns) for path in paths}


def write_pickle(model, folder):
    with open(os.path.join(folder, PICKLE), "wb") as file:
        pickle.dump(model, file, protocol=5)


def read_pickle(folder):
    with open(os.path.join(folder, PICKLE), "rb") as file:
        return pickle.load(file)
