"""What a template's process may not do, by what the platform enforces.

Landlock (Linux 5.13 and later) holds for everything in the process, native code too: it may read its interpreter, its libraries
and little of /etc, write into its own folder, start no program, and signal nobody. Audit hooks say so in words, and stand alone
where there is no Landlock; they bind Python code only.
"""
import ctypes
import os
import resource
import signal
import struct
import sys

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
READ = READ_FILE | READ_DIR
SCOPED_SIGNAL, SCOPED_ABSTRACT_SOCKET = 2, 1
# The same on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
NO_NEW_PRIVILEGES = 38
DIE_WITH_PARENT = 1

READABLE = """/usr /lib /lib32 /lib64 /opt/nvidia /sys /proc/self /proc/cpuinfo /proc/meminfo /proc/stat /proc/sys /proc/driver
/proc/filesystems /proc/version /run/systemd/resolve /etc/hosts /etc/host.conf /etc/resolv.conf /etc/nsswitch.conf /etc/gai.conf
/etc/services /etc/protocols /etc/ld.so.cache /etc/ld.so.conf /etc/ld.so.conf.d /etc/localtime /etc/timezone /etc/ssl /etc/pki
/etc/ca-certificates /etc/mime.types /etc/passwd /etc/group /etc/fonts /etc/os-release /etc/OpenCL""".split()
DEVICES = "/dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/shm /dev/dri /dev/kfd".split()

STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn", "os.startfile"}
FORKS = {"os.fork", "os.forkpty"}
SIGNALS = {"os.kill", "os.killpg"}
TOUCHES = {
    "open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.chdir", "os.walk", "os.utime",
}


class Fenced(PermissionError):
    """A template tried what it may not do."""


class Fence:
    def __init__(self):
        self.landlock = False
        # What was forbidden and tried all the same, though the template caught the error.
        self.violation = None
        self._readable = []
        self._writable = []

    def close(self, own, memory_mb, files):
        """From here on the process keeps to its limits. Called while it has a single thread."""
        prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, os.path.dirname(os.path.dirname(__file__))}
        self._readable = [os.path.realpath(path) for path in [*prefixes, *READABLE] if path and os.path.exists(path)]
        nvidia = [entry.path for entry in os.scandir("/dev") if entry.name.startswith("nvidia")] if os.path.isdir("/dev") else []
        devices = [path for path in DEVICES + nvidia if os.path.exists(path)]
        self._writable = [os.path.realpath(path) for path in [own, *devices]]
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
        # Nothing that is kept of a model, or written on the way, is larger.
        resource.setrlimit(resource.RLIMIT_FSIZE, (memory_mb << 20, memory_mb << 20))
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            # A template that loops would not see that the runtime is gone.
            libc.prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
            self.landlock = self._restrict(libc, own, devices)
        sys.addaudithook(self._audit)

    def _restrict(self, libc, own, devices):
        version = libc.syscall(CREATE_RULESET, None, 0, 1)
        if version < 1:
            return False
        handled = (1 << (13 + (version >= 2) + (version >= 3))) - 1
        if version >= 5:
            handled |= IOCTL_DEV
        scoped = SCOPED_SIGNAL | SCOPED_ABSTRACT_SOCKET if version >= 6 else 0
        attributes = struct.pack("<QQQ", handled, 0, scoped)
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        ruleset = libc.syscall(CREATE_RULESET, attributes, size, 0)
        if ruleset < 0:
            return False
        try:
            for path in self._readable:
                self._allow(libc, ruleset, path, READ)
            for path in devices:
                access = READ_FILE | WRITE_FILE | (handled & (IOCTL_DEV | TRUNCATE))
                self._allow(libc, ruleset, path, handled & ~EXECUTE if os.path.isdir(path) else access)
            self._allow(libc, ruleset, own, handled & ~EXECUTE)
            if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
                return False
            return libc.syscall(RESTRICT_SELF, ruleset, 0) == 0
        finally:
            os.close(ruleset)

    @staticmethod
    def _allow(libc, ruleset, path, access):
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                access &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
            libc.syscall(ADD_RULE, ruleset, 1, struct.pack("<Qi", access, fd), 0)
        finally:
            os.close(fd)

    def _audit(self, event, args):
        if event in STARTS:
            raise Fenced("a template may start no program; use a library that does it inside Python.")
        if event in FORKS:
            self.violation = "it forked. A template may start no process; use threads, or a library that needs none."
            raise Fenced(self.violation)
        if event in SIGNALS:
            self.violation = "it sent a signal. A template may not end or signal processes."
            raise Fenced(self.violation)
        if self.landlock or event not in TOUCHES or not args or not isinstance(args[0], (str, bytes, os.PathLike)):
            return
        path = os.path.realpath(os.fsdecode(args[0]))
        writes = event not in ("open", "os.listdir", "os.scandir", "os.walk", "os.chdir") or (
            event == "open" and len(args) > 2 and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        )
        allowed = self._writable if writes else self._writable + self._readable
        if not any(path == one or path.startswith(one.rstrip("/") + "/") for one in allowed):
            raise Fenced(13, "a template may read and write its own folder only", path)

    @staticmethod
    def grant(memory_mb, seconds):
        """Memory beyond what is taken now, and processor time for one call."""
        with open("/proc/self/statm") as statm:
            taken = int(statm.read().split()[0]) * resource.getpagesize()
        limit = taken + (memory_mb << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        usage = resource.getrusage(resource.RUSAGE_SELF)
        until = int(usage.ru_utime + usage.ru_stime) + (seconds + 5) * (os.cpu_count() or 1)
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
