"""What the runtime and this process say to each other, over fd 3 and fd 4; the other end is process/frames.ts.

    u32 bytes of the header   u32 bytes of the body   header (JSON, UTF-8)   body

Little-endian. Any thread may tell something; one frame is written at a time.
"""
import json
import math
import os
import struct
import threading
from collections import deque

PREAMBLE = struct.Struct("<II")


def finite(value):
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return value


class Pipe:
    def __init__(self, read_fd=3, write_fd=4):
        # Not for whatever a template may start.
        os.set_inheritable(read_fd, False)
        os.set_inheritable(write_fd, False)
        self._in = open(read_fd, "rb", buffering=0)
        self._out = write_fd
        self._writing = threading.Lock()
        self._calling = threading.Lock()
        self._calls = 0
        self._early = deque()

    def send(self, header, body=b""):
        try:
            head = json.dumps(header, allow_nan=False, default=str).encode()
        except ValueError:
            # A loss that is no number any more is told of as null.
            head = json.dumps(finite(header), allow_nan=False, default=str).encode()
        view = memoryview(body)
        with self._writing:
            self._write(PREAMBLE.pack(len(head), view.nbytes) + head)
            if view.nbytes:
                self._write(view)

    def send_now(self, header):
        """From a signal's handler: not in the middle of another frame."""
        if self._writing.acquire(blocking=False):
            try:
                head = json.dumps(header).encode()
                self._write(PREAMBLE.pack(len(head), 0) + head)
            finally:
                self._writing.release()

    def receive(self):
        """The next question and its body; None where the runtime has closed the pipe."""
        return self._early.popleft() if self._early else self._read()

    def call(self, helper, method, args, body=b""):
        """Asks the runtime for what only it can do, in the middle of an answer."""
        with self._calling:
            self._calls += 1
            self.send({"call": {"id": self._calls, "helper": helper, "method": method, "args": args}}, body)
            while True:
                frame = self._read()
                if frame is None:
                    raise ConnectionError("the runtime is gone")
                header = frame[0]
                if header.get("callId") == self._calls:
                    return header, frame[1]
                self._early.append(frame)

    def _write(self, data):
        view = memoryview(data).cast("B")
        while view:
            view = view[os.write(self._out, view):]

    def _read(self):
        preamble = self._take(PREAMBLE.size)
        if preamble is None:
            return None
        head, body = PREAMBLE.unpack(preamble)
        header = json.loads(bytes(self._take(head)))
        return header, self._take(body) if body else b""

    def _take(self, count):
        taken = bytearray(count)
        view, at = memoryview(taken), 0
        while at < count:
            got = self._in.readinto(view[at:])
            if not got:
                return None
            at += got
        return taken
