"""In splunkd's place: starts one search command, speaks chunked v2 to it in lockstep, and measures.

    python3 driver.py SPEC.json        one JSON object on stdout

SPEC: argv, env, cwd       the command
      getinfo              the metadata of the getinfo request
      body, lengths        a file of chunk bodies, one behind the other, and the bytes of each
      repeat               how often the chunks are sent in all (1)
      pipe                 bytes of each pipe; the kernel's answer is reported, never assumed
      save                 a file for the reply bodies, each whole (null: they are read and counted, no more)
      watch                pids whose CPU seconds and peak memory are wanted (the runtime, a peer's server)
      timeout              seconds until the command is given up

Python, because Node cannot set the size of a pipe. Bodies are mapped before the clock starts, replies are read into one
buffer that is used again and again: the driver itself costs some 0.1 s a million rows.
"""

import fcntl
import json
import mmap
import os
import re
import signal
import subprocess
import sys
import time

HEADER = re.compile(rb"chunked 1\.0,(\d+),(\d+)\n")
F_SETPIPE_SZ, F_GETPIPE_SZ = 1031, 1032
TICKS = os.sysconf("SC_CLK_TCK")


class CommandFailed(Exception):
    pass


class Command:
    """A running search command and the two pipes to it."""

    def __init__(self, spec):
        command_in, self.to_command = os.pipe()
        self.from_command, command_out = os.pipe()
        self.pipe = 0
        if spec.get("pipe"):
            for fd in (self.to_command, self.from_command):
                fcntl.fcntl(fd, F_SETPIPE_SZ, spec["pipe"])
        self.pipe = fcntl.fcntl(self.to_command, F_GETPIPE_SZ)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            spec["argv"],
            stdin=command_in,
            stdout=command_out,
            stderr=subprocess.PIPE,
            env={**os.environ, **spec.get("env", {})},
            cwd=spec.get("cwd"),
        )
        os.close(command_in)
        os.close(command_out)
        self.buffer = bytearray(1 << 20)
        self.start = self.end = 0

    def send(self, metadata, body=b""):
        meta = json.dumps(metadata).encode()
        self._write(b"chunked 1.0,%d,%d\n%b" % (len(meta), len(body), meta))
        self._write(body)

    def _write(self, data):
        view = memoryview(data)
        while view:
            view = view[os.write(self.to_command, view[: 1 << 20]) :]

    def _fill(self):
        if self.start == self.end:
            self.start = self.end = 0
        elif self.end == len(self.buffer):
            kept = bytes(self.buffer[self.start :])
            self.buffer[: len(kept)] = kept
            self.start, self.end = 0, len(kept)
        count = os.readv(self.from_command, [memoryview(self.buffer)[self.end :]])
        if count == 0:
            raise CommandFailed("the command closed its output before the reply was whole")
        self.end += count

    def receive(self, save):
        """One reply: its metadata and the bytes of its body, all read."""
        while not (match := HEADER.match(self.buffer, self.start, self.end)):
            if self.end - self.start > 64:
                raise CommandFailed(f"no header but {bytes(self.buffer[self.start : self.start + 64])!r}")
            self._fill()
        self.start = match.end()
        meta_bytes, body_bytes = int(match[1]), int(match[2])
        meta = b""
        while len(meta) < meta_bytes:
            meta += self._take(meta_bytes - len(meta))
        left = body_bytes
        while left:
            piece = self._take(left)
            left -= len(piece)
            if save:
                save.write(piece)
        return json.loads(meta or b"{}"), body_bytes

    def _take(self, limit):
        if self.start == self.end:
            self._fill()
        stop = min(self.end, self.start + limit)
        piece = memoryview(self.buffer)[self.start : stop]
        self.start = stop
        return piece

    def finish(self):
        os.close(self.to_command)
        rest = os.read(self.from_command, 1)
        _, status, usage = os.wait4(self.process.pid, 0)
        seconds = time.perf_counter() - self.started
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.start < self.end or rest:
            raise CommandFailed("bytes came behind the last reply")
        return seconds, usage


def peak_mb(pid):
    """Peak memory so far, 0 once the process is gone. Not wait4's figure: that one includes the driver's own before exec."""
    try:
        with open(f"/proc/{pid}/status") as status:
            return max((int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM")), default=0)
    except FileNotFoundError:
        return 0


def cpu_and_peak(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS, peak_mb(pid)


def give_up(*_):
    raise CommandFailed("no answer within the time limit")


def raise_on_error(reply):
    errors = [text for level, text in reply.get("inspector", {}).get("messages", []) if level in ("ERROR", "FATAL")]
    if errors or reply.get("error"):
        raise CommandFailed("; ".join(errors) or str(reply["error"]))


def run(spec):
    with open(spec["body"], "rb") as file:
        bodies = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE | mmap.MAP_POPULATE, prot=mmap.PROT_READ)
    view, offsets = memoryview(bodies), [0]
    for length in spec["lengths"]:
        offsets.append(offsets[-1] + length)
    chunks = [view[a:b] for a, b in zip(offsets, offsets[1:])] * spec.get("repeat", 1)
    watch = {pid: cpu_and_peak(pid) for pid in spec.get("watch", [])}
    save = open(spec["save"], "wb", buffering=1 << 20) if spec.get("save") else None
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(int(spec.get("timeout", 900)))

    command = Command(spec)
    replies, times, messages, metrics, peaks = [], [], [], {}, []

    def take(reply):
        raise_on_error(reply)
        inspector = reply.get("inspector", {})
        messages.extend(inspector.get("messages", []))
        metrics.update({k: v for k, v in inspector.items() if k.startswith("metric.")})

    try:
        command.send(spec["getinfo"])
        getinfo, _ = command.receive(None)
        take(getinfo)
        first = time.perf_counter()
        for index, chunk in enumerate(chunks):
            if index == len(chunks) - 1:
                peaks.append(peak_mb(command.process.pid))
            before = time.perf_counter()
            command.send({"action": "execute", "finished": index == len(chunks) - 1}, chunk)
            reply, length = command.receive(save)
            take(reply)
            replies.append(length)
            times.append(time.perf_counter() - before)
        last = time.perf_counter()
        peaks.append(peak_mb(command.process.pid))
        seconds, usage = command.finish()
        stderr = command.process.stderr.read()
        if stderr:
            raise CommandFailed(f"the command wrote to stderr: {stderr[:500].decode(errors='replace')}")
    except CommandFailed as failure:
        command.process.kill()
        stderr = command.process.stderr.read().decode(errors="replace")
        raise CommandFailed(f"{failure} {stderr[-1500:]}".strip()) from failure
    finally:
        if save:
            save.close()
    after = {pid: cpu_and_peak(pid) for pid in watch}
    return {
        "seconds": seconds,
        "getinfo_seconds": first - command.started,
        "stream_seconds": last - first,
        "last_reply_seconds": times[-1],
        "bytes_in": sum(len(c) for c in chunks),
        "bytes_out": sum(replies),
        "reply_bytes": replies,
        "pipe": command.pipe,
        "required_fields": getinfo.get("required_fields"),
        "messages": messages,
        "metrics": metrics,
        "command": {"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_mb": max(peaks)},
        "watched": [
            {"pid": pid, "cpu_seconds": after[pid][0] - cpu, "peak_mb": after[pid][1]} for pid, (cpu, _) in watch.items()
        ],
    }


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        specification = json.load(file)
    try:
        print(json.dumps(run(specification)))
    except (CommandFailed, BrokenPipeError) as failure:
        print(json.dumps({"error": str(failure) or "the command stopped reading"}))
        sys.exit(1)
